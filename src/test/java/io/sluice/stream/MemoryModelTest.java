package io.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.sluice.harness.Effort;
import io.sluice.harness.Seeds;
import io.sluice.journal.Sync;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Random lives of a stream's memory on a disk that loses power; each failure names its seed. */
class MemoryModelTest {
  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("io.sluice");

  static LongStream seeds() {
    return Seeds.fresh(80);
  }

  static LongStream manySeeds() {
    return Seeds.fresh(Effort.of(10_000, 300));
  }

  @BeforeAll
  static void keepQuiet() {
    LOGGER.setLevel(Level.OFF);
  }

  @AfterAll
  static void speak() {
    LOGGER.setLevel(null);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nothingIsLostOrDoubledByAnyPowerCut(long seed) throws IOException {
    live(seed, Sync.ALWAYS, 250);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatWasLostBeforeItWasForcedIsNotRemembered(long seed) throws IOException {
    live(seed, seed % 2 == 0 ? Sync.NEVER : Sync.every(Duration.ofMillis(5)), 250);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("manySeeds")
  void manyMoreLives(long seed) throws IOException {
    live(seed, Sync.ALWAYS, 500);
  }

  private static void live(long seed, Sync sync, int actions) throws IOException {
    MemoryModel model = new MemoryModel(seed, seed % 3 != 0, sync);
    model.live(actions);
    assertThat(model.repeatsSeen()).isPositive();
  }
}

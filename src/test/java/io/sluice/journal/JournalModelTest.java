package io.sluice.journal;

import io.sluice.harness.Effort;
import io.sluice.harness.Seeds;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random lives of a journal on a disk that loses power; each failure names its seed. */
@org.junit.jupiter.api.extension.ExtendWith(Quiet.class)
class JournalModelTest {
  static LongStream seeds() {
    return Seeds.fresh(150);
  }

  static LongStream manySeeds() {
    return Seeds.fresh(Effort.of(20_000, 500));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatWasCommittedSurvivesAnyPowerCut(long seed) throws IOException {
    new JournalModel(seed, Sync.ALWAYS).live(200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nothingIsInventedOrAlteredUnderARelaxedSync(long seed) throws IOException {
    Sync sync = seed % 2 == 0 ? Sync.NEVER : Sync.every(Duration.ofMillis(5));
    new JournalModel(seed, sync).live(200);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("manySeeds")
  void manyMoreLives(long seed) throws IOException {
    new JournalModel(seed, Sync.ALWAYS).live(400);
  }
}

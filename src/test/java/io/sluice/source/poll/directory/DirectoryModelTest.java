package io.sluice.source.poll.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Cursor;
import io.sluice.harness.MaxLog;
import io.sluice.harness.Seeds;
import io.sluice.harness.SluiceExtension;
import io.sluice.source.poll.FakeIntake;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.event.Level;

/**
 * A log that is written, rotated by renaming and by copying and truncating, and deleted, while it
 * is polled, polls break off, and the source is made anew: every line comes once, in its file's
 * order.
 */
@ExtendWith(SluiceExtension.class)
@MaxLog(Level.WARN)
class DirectoryModelTest {
  private static final int STEPS = 200;

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();

  static LongStream seeds() {
    return Seeds.fresh(3);
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyLineComesOnce(long seed) throws IOException {
    Random random = new Random(seed);
    List<String> written = new ArrayList<>();
    List<String> read = new ArrayList<>();
    int rotated = 0;
    try (Rig rig = new Rig(vertx, directory, "app.log*")) {
      for (int i = 0; i < STEPS; i++) {
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> written(rig.write("app.log", lines(random, written)), i);
          case 3 -> Files.move(rig.write("app.log", ""), directory.resolve("app.log." + rotated++));
          case 4 -> {
            rig.write("app.log", "");
            read.addAll(rig.poll());
            Files.copy(
                directory.resolve("app.log"),
                directory.resolve("copy"),
                StandardCopyOption.REPLACE_EXISTING);
            DirectoryPollTest.truncate(directory.resolve("app.log"));
          }
          case 5 -> read.addAll(brokenOff(rig, random));
          case 6 -> {
            int batch = 50 + random.nextInt(2_000);
            rig.crash(rig.intake.cursor(), batch, 500);
          }
          default -> {
            read.addAll(rig.poll());
            if (rotated > 3) {
              Files.deleteIfExists(directory.resolve("app.log." + random.nextInt(rotated)));
            }
          }
        }
      }
      read.addAll(rig.poll());
    }
    assertThat(read).hasSameSizeAs(written).containsExactlyInAnyOrderElementsOf(written);
  }

  /** Every write has a time of its own: what was replaced by as many bytes is told by that. */
  private static void written(Path file, int step) throws IOException {
    Instant time = Files.getLastModifiedTime(file).toInstant().plusMillis(step);
    Files.setLastModifiedTime(file, FileTime.from(time));
  }

  /** A few lines; never the same twice. */
  private static String lines(Random random, List<String> written) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(30); i >= 0; i--) {
      String line = written.size() + "-" + "x".repeat(random.nextInt(80));
      written.add(line);
      text.append(line).append(random.nextBoolean() ? "\n" : "\r\n");
    }
    return text.toString();
  }

  /** Polls until some batch finds no room, and gives up there. */
  private static List<String> brokenOff(Rig rig, Random random) {
    FakeIntake into =
        new FakeIntake(rig.intake.cursor(), 50 + random.nextInt(500), 500)
            .wide(1 + random.nextInt(8))
            .full();
    Future<?> poll = rig.polling().polling(into);
    for (int i = random.nextInt(5); i >= 0; i--) {
      Rig.soon(() -> into.waiting() || poll.isComplete());
      into.room();
    }
    Rig.soon(() -> into.waiting() || poll.isComplete());
    into.failing(new IllegalStateException("no room"));
    Rig.soon(poll::isComplete);
    Cursor cursor = into.cursor();
    rig.crash(cursor, 64 << 10, 500);
    return into.events();
  }
}

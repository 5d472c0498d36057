package io.sluice.source.poll.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Cursor;
import io.sluice.connector.Polled;
import io.sluice.harness.SluiceExtension;
import io.sluice.source.poll.FakeIntake;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Directories with many files, and files with many bytes. */
@ExtendWith(SluiceExtension.class)
class ManyFilesTest {
  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void allAreReadAndThenOnlyLookedAt() throws IOException {
    allAreRead(2_000);
  }

  @Test
  @Tag("slow")
  void tenThousandAreReadAndThenOnlyLookedAt() throws IOException {
    allAreRead(10_000);
  }

  private void allAreRead(int files) throws IOException {
    for (int i = 0; i < files; i++) {
      Files.writeString(directory.resolve(i + ".log"), i + "\n");
    }
    try (Rig rig = new Rig(vertx, directory, "*.log")) {
      long start = System.nanoTime();
      assertThat(rig.poll()).hasSize(files).doesNotHaveDuplicates();
      assertThat(rig.intake.cursor().parts()).hasSize(files);

      long read = System.nanoTime();
      assertThat(rig.poll()).isEmpty();
      long idle = System.nanoTime();
      System.out.printf(
          "%d files: read in %d ms, looked at in %d ms%n",
          files, (read - start) / 1_000_000, (idle - read) / 1_000_000);

      Files.writeString(directory.resolve("new.log"), "new\n");
      assertThat(rig.poll()).containsExactly("new");
    }
  }

  @Test
  void asManyBatchesAreUnderWayAsThereIsRoomForAndNoMore() throws IOException {
    for (int file = 0; file < 40; file++) {
      Files.writeString(directory.resolve("%02d.log".formatted(file)), lines(file));
    }
    try (Rig rig = new Rig(vertx, directory, "*.log")) {
      FakeIntake into = new FakeIntake(Cursor.START, 1_000, 1_000).wide(4).full();
      Future<Polled> poll = rig.polling().polling(into);

      Rig.soon(() -> into.waitingBatches() == 4);
      assertThat(into.puts()).isEqualTo(4);
      into.room();
      Rig.soon(() -> into.puts() == 5 && into.waitingBatches() == 4);
      into.empty();
      Rig.soon(poll::isComplete);

      List<String> all = new ArrayList<>();
      for (int file = 0; file < 40; file++) {
        all.addAll(lines(file).lines().toList());
      }
      assertThat(into.events()).containsExactlyInAnyOrderElementsOf(all);
      for (int file = 0; file < 40; file++) {
        String start = file + "-";
        assertThat(into.events().stream().filter(line -> line.startsWith(start)))
            .containsExactlyElementsOf(lines(file).lines().toList());
      }
    }
  }

  @Test
  void whatWasReadAheadAndNotPutIsReadAgain() throws IOException {
    Files.writeString(directory.resolve("a.log"), lines(1).repeat(20));
    try (Rig rig = new Rig(vertx, directory, "*.log")) {
      FakeIntake into = new FakeIntake(Cursor.START, 500, 1_000).wide(3).full();
      Future<Polled> poll = rig.polling().polling(into);
      Rig.soon(() -> into.waitingBatches() == 3);
      into.failing(new IllegalStateException("no room"));
      Rig.soon(poll::isComplete);
      List<String> before = into.events();

      rig.crash(into.cursor(), 64 << 10, 1_000);
      List<String> all = new ArrayList<>(before);
      all.addAll(rig.poll());

      assertThat(all).containsExactlyElementsOf(lines(1).repeat(20).lines().toList());
    }
  }

  private static String lines(int file) {
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < 20; line++) {
      text.append(file).append("-").append(line).append("x".repeat(20)).append("\n");
    }
    return text.toString();
  }

  /** How large is said in MiB by the property {@code sluice.directory.mib}. */
  @Test
  @Tag("slow")
  void largeFileIsReadInConstantMemory() throws IOException {
    long mib = Long.getLong("sluice.directory.mib", 1_024);
    byte[] lines = ("x".repeat(199) + "\n").repeat(5_243).getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = Files.newOutputStream(directory.resolve("large.log"))) {
      for (long i = 0; i < mib; i++) {
        out.write(lines);
      }
    }
    try (Rig rig = new Rig(vertx, directory, "*.log")) {
      rig.crash(Cursor.START, 256 << 10, 1 << 20);
      FakeIntake counting = rig.intake.counting();
      System.gc();
      ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
      long start = System.nanoTime();
      rig.poll();
      double seconds = (System.nanoTime() - start) / 1e9;
      System.gc();
      long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
      System.out.printf(
          "%d MiB in %.1f s, %.0f MiB/s, heap after it %d MiB%n",
          mib, seconds, mib / seconds, heap);
      assertThat(counting.count()).isEqualTo(5_243 * mib);
      assertThat(heap).isLessThan(200);
    }
  }
}

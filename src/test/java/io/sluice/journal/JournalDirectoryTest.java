package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Position;
import io.sluice.event.Refusal;
import io.sluice.harness.ChildJvm;
import io.sluice.harness.Effort;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What only a real file system shows. */
@ExtendWith(Quiet.class)
class JournalDirectoryTest {
  @TempDir Path directory;

  private final Heard heard = new Heard();

  @Test
  void isOpenOnceInAProcess() throws IOException {
    try (Journal journal = Journal.open(directory, JournalOptions.DEFAULTS, heard)) {
      assertThat(journal.next().ordinal()).isZero();
      assertThatThrownBy(() -> Journal.open(directory, JournalOptions.DEFAULTS, heard))
          .isInstanceOf(LockedException.class)
          .hasMessageContaining("pid " + ProcessHandle.current().pid());
    }
    Journal.open(directory, JournalOptions.DEFAULTS, heard).close();
  }

  @Test
  void opensWhereTheHolderOfTheLockCannotBeWrittenDown() throws Exception {
    String lock = directory.resolve("journal.lock").toString();
    // A pipe can be locked, and nothing can be written at a place in it.
    assumeTrue(new ProcessBuilder("mkfifo", lock).start().waitFor() == 0);

    try (Journal journal = Journal.open(directory, JournalOptions.DEFAULTS, heard)) {
      assertThat(journal.next().ordinal()).isZero();
    }
  }

  @Test
  void isOpenInOneProcessOnly() throws IOException {
    Path path = directory.resolve("journal");
    List<String> opening =
        List.of(
            "-cp", System.getProperty("java.class.path"), Opening.class.getName(), path.toString());
    try (Journal journal = Journal.open(path, JournalOptions.DEFAULTS, heard);
        ChildJvm other = ChildJvm.start(directory, directory.resolve("log"), opening)) {
      other.exitCode(Duration.ofSeconds(60));
      assertThat(other.output())
          .contains("locked: journal " + path + " is in use by pid ")
          .contains(String.valueOf(ProcessHandle.current().pid()));
      assertThat(journal.stats().failed()).isFalse();
    }
  }

  /** Tries to open a journal. */
  static final class Opening {
    private Opening() {}

    public static void main(String[] args) throws IOException {
      try {
        Journal.open(Path.of(args[0]), JournalOptions.DEFAULTS, new Heard()).close();
      } catch (LockedException e) {
        System.out.println("locked: " + e.getMessage());
      }
    }
  }

  @Test
  void saysWhatIsWrongWithADirectoryItCannotUse() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "not a directory");
    assertThatThrownBy(() -> Journal.open(file.resolve("journal"), JournalOptions.DEFAULTS, heard))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("file");
  }

  @Test
  void beginsAnotherEpochWhereAJournalWasDeleted() throws IOException {
    int before;
    try (Journal journal = Journal.open(directory, JournalOptions.DEFAULTS, heard)) {
      before = journal.next().epoch();
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }

    try (Journal journal = Journal.open(directory, JournalOptions.DEFAULTS, heard)) {
      assertThat(journal.next().epoch()).isNotEqualTo(before);
      assertThat(journal.resume(new Position(before, 9))).isEqualTo(journal.first());
    }
  }

  @Test
  void leavesAReadOnlyDirectoryAsItIs() throws IOException {
    assumeTrue(
        directory.toFile().setWritable(false) && !Files.isWritable(directory),
        "root may write everywhere");
    assertThatThrownBy(() -> Journal.open(directory, JournalOptions.DEFAULTS, heard))
        .isInstanceOf(IOException.class);
    assertThat(directory).isEmptyDirectory();
    assertThat(directory.toFile().setWritable(true)).isTrue();
  }

  @Test
  void survivesAFullFileSystem() throws Exception {
    assumeTrue(mounted(directory), "cannot mount a small file system here");
    try {
      JournalOptions options =
          JournalOptions.DEFAULTS.withSegmentBytes(64 << 10).withCursorEvery(Duration.ofMillis(1));
      try (Journal journal = Journal.open(directory, options, heard)) {
        fill(journal);
        assertThat(journal.stats().diskFull()).isTrue();
        int kept = heard.committed().size();
        journal.saveCursor("sink", journal.next());
        await().until(() -> cursor().isPresent());
        journal.release(journal.next());
        await().until(() -> !journal.stats().diskFull());
        journal.append(Batches.of("after"), "");
        await().until(() -> heard.committed().size() == kept + 1);
      }
      try (Journal journal = Journal.open(directory, options, heard)) {
        assertThat(journal.stats().cleanStart()).isTrue();
        assertThat(journal.damage()).isEmpty();
      }
    } finally {
      run("umount", directory.toString());
    }
  }

  private Optional<CursorFile> cursor() throws IOException {
    FileDisk disk = new FileDisk(directory);
    return CursorFile.load(disk, disk.list());
  }

  private void fill(Journal journal) {
    for (int i = 1; !heard.refused().containsValue(Refusal.DISK_FULL); i++) {
      journal.append(Batches.of("x".repeat(10_000)), "");
      heard.awaitAnswers(i);
    }
  }

  private static boolean mounted(Path on) throws Exception {
    return run("mount", "-t", "tmpfs", "-o", "size=1m", "sluice-test", on.toString());
  }

  private static boolean run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Tag("slow")
  @Test
  void aLargeJournalOpensInNoTimeAndADamagedByteCostsItsFrame() throws IOException {
    byte[] region = new byte[1 << 20];
    Batch batch =
        Batch.of(
            region, new int[] {0, 1 << 19, 1 << 19, 1 << 20}, false, Batches.ORIGIN, Columns.NONE);
    int batches = Effort.of(2100, 600);
    Path crashed = directory.resolve("crashed");
    JournalOptions options = JournalOptions.DEFAULTS.withSync(Sync.NEVER);
    try (Journal journal = Journal.open(directory.resolve("whole"), options, heard)) {
      for (int i = 1; i <= batches; i++) {
        journal.append(batch, "");
        heard.awaitAnswers(i);
      }
      assertThat(journal.bytes()).isGreaterThan((long) batches << 20);
      link(directory.resolve("whole"), crashed);
    }
    damage(directory.resolve("whole"), batches / 128);
    try (Journal journal = opened(directory.resolve("whole"), options, "in order")) {
      List<Damage> damage = new ArrayList<>();
      assertThat(count(journal, damage)).isEqualTo(2L * batches - 2);
      assertThat(damage).hasSize(1);
      assertThat(damage.get(0).events()).isEqualTo(2);
    }
    opened(crashed, options, "after a crash").close();
  }

  private Journal opened(Path path, JournalOptions options, String how) throws IOException {
    long start = System.nanoTime();
    Journal journal = Journal.open(path, options, heard);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    System.out.printf(
        "journal of %d MiB opened %s in %d ms%n", journal.bytes() >> 20, how, took.toMillis());
    assertThat(took).isLessThan(Duration.ofSeconds(2));
    return journal;
  }

  private static long count(Journal journal, List<Damage> damage) throws IOException {
    long events = 0;
    try (JournalReader reader = journal.reader(Position.START, damage::add)) {
      for (Optional<Entry> each = reader.read(); each.isPresent(); each = reader.read()) {
        events += each.get().batch().size();
      }
    }
    return events;
  }

  /** As a killed process leaves it: every file but the marker. */
  private static void link(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      List<Path> all = files.filter(each -> each.toString().endsWith(".seg")).sorted().toList();
      for (Path file : all.subList(0, all.size() - 1)) {
        Files.createLink(to.resolve(file.getFileName()), file);
      }
      Path last = all.get(all.size() - 1);
      Files.copy(last, to.resolve(last.getFileName()));
    }
  }

  private static void damage(Path journal, int segment) throws IOException {
    try (var files = Files.list(journal)) {
      Path file =
          files.filter(each -> each.toString().endsWith(".seg")).sorted().toList().get(segment);
      try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
        bytes.seek(30 << 20);
        int before = bytes.read();
        bytes.seek(30 << 20);
        bytes.write(before ^ 1);
      }
    }
  }
}

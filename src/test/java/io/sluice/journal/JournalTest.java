package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.event.Batch;
import io.sluice.event.Position;
import io.sluice.event.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final JournalOptions SMALL =
      JournalOptions.DEFAULTS.withSegmentBytes(16 << 10).withCursorEvery(Duration.ofMillis(1));

  @TempDir Path directory;

  private final Heard heard = new Heard();

  private Journal open() throws IOException {
    Path at = directory.resolve("a/b");
    Journal journal =
        Journal.open(
            new Surroundings(
                new FileDisk(at),
                Clock.systemUTC(),
                System::nanoTime,
                new SecureRandom()::nextLong,
                () -> 0),
            SMALL,
            heard);
    journal.start("b");
    return journal;
  }

  private static List<String> payloads(JournalReader reader) throws IOException {
    List<String> all = new ArrayList<>();
    for (Optional<Entry> entry = reader.read(); entry.isPresent(); entry = reader.read()) {
      all.addAll(Batches.payloads(entry.get().batch()));
    }
    return all;
  }

  @Test
  void readsBackEveryShapeOfBatchInOrder() throws IOException {
    Random random = new Random(7);
    List<Batch> written = new ArrayList<>();
    try (Journal journal = open()) {
      for (int i = 0; i < 300; i++) {
        Batch batch = Batches.random(random, 1 + random.nextInt(20), random.nextInt(200));
        written.add(batch.size() > 2 ? batch.slice(1, batch.size() - 1) : batch);
        journal.append(written.get(i), i);
      }
      heard.awaitAnswers(300);
      assertThat(journal.stats().segments()).isGreaterThan(5);
      assertThat(journal.queuedBytes()).isZero();
    }
    try (Journal journal = open();
        JournalReader reader = journal.reader(Position.START)) {
      long ordinal = 0;
      for (Batch batch : written) {
        Entry entry = reader.read().orElseThrow();
        Batches.assertSame(entry.batch(), batch);
        assertThat(entry.first()).isEqualTo(new Position(0, ordinal));
        ordinal += batch.size();
      }
      assertThat(reader.read()).isEmpty();
      assertThat(journal.next()).isEqualTo(new Position(0, ordinal));
      assertThat(journal.stats().cleanStart()).isTrue();
    }
  }

  @Test
  void answersInOrderWithPositionsAndAttachments() throws IOException {
    try (Journal journal = open()) {
      journal.append(Batches.lines("a", "b", "c"), "first");
      journal.append(Batches.of("d"), "second");
      heard.awaitAnswers(2);
      assertThat(heard.committed())
          .extracting(Appended::attachment)
          .containsExactly("first", "second");
      assertThat(heard.committed())
          .extracting(Appended::first)
          .containsExactly(Position.START, new Position(0, 3));
      assertThat(journal.next()).isEqualTo(new Position(0, 4));
    }
  }

  @Test
  void beginsInsideABatchWhenAskedTo() throws IOException {
    try (Journal journal = open()) {
      journal.append(Batches.lines("a", "b", "c"), "");
      journal.append(Batches.lines("d", "e"), "");
      heard.awaitAnswers(2);
      try (JournalReader reader = journal.reader(new Position(0, 2))) {
        Entry entry = reader.read().orElseThrow();
        assertThat(entry.first()).isEqualTo(new Position(0, 2));
        assertThat(Batches.payloads(entry.batch())).containsExactly("c");
        assertThat(payloads(reader)).containsExactly("d", "e");
        journal.append(Batches.of("f"), "");
        heard.awaitAnswers(3);
        assertThat(payloads(reader)).containsExactly("f");
      }
    }
  }

  @Test
  void takesABatchLargerThanASegment() throws IOException {
    String large = "x".repeat(3 << 20);
    try (Journal journal = open()) {
      journal.append(Batches.of("before"), "");
      journal.append(Batches.of(large), "");
      journal.append(Batches.of("after"), "");
      heard.awaitAnswers(3);
      try (JournalReader reader = journal.reader(Position.START)) {
        assertThat(payloads(reader)).containsExactly("before", large, "after");
      }
    }
  }

  @Test
  void refusesABatchThatIsTooLargeAndGoesOn() throws IOException {
    try (Journal journal = Journal.open(directory, SMALL.withMaxRecordBytes(100), heard)) {
      journal.append(Batches.of("a"), "");
      journal.append(Batches.of("x".repeat(101)), "");
      journal.append(Batches.of("b"), "");
      heard.awaitAnswers(3);
      assertThat(heard.refused()).containsValue(Refusal.TOO_LARGE).hasSize(1);
      try (JournalReader reader = journal.reader(Position.START)) {
        assertThat(payloads(reader)).containsExactly("a", "b");
      }
    }
  }

  @Test
  void beginsANewEpochAfterItWasNotShutDown() throws IOException {
    Path copy = directory.resolve("copy");
    try (Journal journal = open()) {
      journal.append(Batches.lines("a", "b"), "");
      heard.awaitAnswers(1);
      journal.saveCursor("sink", new Position(0, 1));
      await().until(() -> Files.exists(directory.resolve("a/b/cursors")));
      copy(directory.resolve("a/b"), copy);
    }
    try (Journal journal = Journal.open(copy, SMALL, heard)) {
      assertThat(journal.next()).isEqualTo(new Position(1, 2));
      assertThat(journal.cursors()).containsEntry("sink", new Position(0, 1));
      assertThat(journal.resume(new Position(0, 9))).isEqualTo(new Position(1, 2));
      assertThat(journal.resume(new Position(0, 1))).isEqualTo(new Position(0, 1));
      assertThat(journal.stats().cleanStart()).isFalse();
      assertThat(journal.damage()).isEmpty();
      journal.append(Batches.of("c"), "");
      heard.awaitAnswers(2);
      try (JournalReader reader = journal.reader(Position.START)) {
        assertThat(payloads(reader)).containsExactly("a", "b", "c");
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void deletesAndRecyclesWhatIsReleased() throws IOException {
    try (Journal journal = open()) {
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 20; i++) {
          journal.append(Batches.of("x".repeat(1000)), "");
        }
        heard.awaitAnswers((round + 1) * 20);
        journal.release(journal.next());
        await().until(() -> journal.stats().segments() == 1);
      }
      assertThat(journal.bytes()).isZero();
      assertThat(journal.first().ordinal()).isGreaterThan(300);
      assertThat(journal.resume(Position.START)).isEqualTo(journal.first());
      try (JournalReader reader = journal.reader(Position.START)) {
        assertThat(payloads(reader)).hasSize((int) (400 - journal.first().ordinal()));
      }
      assertThat(names().filter(name -> name.endsWith(".used.spare"))).isNotEmpty();
      assertThat(names().filter(name -> name.endsWith(".seg"))).hasSize(1);
    }
  }

  private java.util.stream.Stream<String> names() throws IOException {
    try (var files = Files.list(directory.resolve("a/b"))) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    }
  }

  @Test
  void readerBehindAReleaseGoesOnAtTheFirstEventLeft() throws IOException {
    try (Journal journal = open();
        JournalReader reader = journal.reader(Position.START)) {
      for (int i = 0; i < 100; i++) {
        journal.append(Batches.of(i + "x".repeat(1000)), "");
      }
      heard.awaitAnswers(100);
      assertThat(reader.read()).isPresent();
      journal.release(journal.next());
      await().until(() -> journal.stats().segments() == 1);
      Position first = journal.first();
      assertThat(reader.read().orElseThrow().first()).isEqualTo(first);
    }
  }

  @Test
  void keepsCursorsAcrossARestart() throws IOException {
    try (Journal journal = open()) {
      journal.append(Batches.lines("a", "b", "c"), "");
      heard.awaitAnswers(1);
      journal.saveCursor("one", new Position(0, 1));
      journal.saveCursor("zwölf", new Position(0, 2));
      journal.saveCursor("gone", new Position(0, 2));
      journal.retireCursor("gone");
    }
    try (Journal journal = open()) {
      assertThat(journal.cursors())
          .containsOnlyKeys("one", "zwölf")
          .containsEntry("zwölf", new Position(0, 2));
    }
  }

  @Test
  void aNewJournalsCursorsAndSegmentsAreOfOneJournal() throws IOException {
    try (Journal journal = open()) {
      journal.append(Batches.lines("a", "b", "c"), "");
      heard.awaitAnswers(1);
      journal.saveCursor("one", new Position(0, 1));
    }
    Disk disk = new FileDisk(directory.resolve("a/b"));
    String segment = SegmentHeader.file(0);
    try (DiskFile file = disk.read(segment)) {
      assertThat(CursorFile.load(disk, disk.list()).orElseThrow().journal())
          .isEqualTo(SegmentHeader.read(file, segment).orElseThrow().journal());
    }
  }

  @Test
  void tellsWhenACursorIsOnDisk() throws IOException {
    List<String> done = java.util.Collections.synchronizedList(new ArrayList<>());
    try (Journal journal = open()) {
      journal.saveCursor("one", Position.START, () -> done.add("one"));
      await().until(() -> done.contains("one"));
      assertThat(directory.resolve("a/b/cursors")).isNotEmptyFile();
    }
  }

  @Test
  void refusesAfterShutdown() throws IOException {
    Journal journal = open();
    journal.close();
    journal.append(Batches.of("a"), "");
    assertThat(heard.refused()).containsValue(Refusal.DRAINING);
    journal.close();
  }

  @Test
  void commitsWhatWaitsBeforeItShutsDown() throws IOException {
    Journal journal = open();
    for (int i = 0; i < 500; i++) {
      journal.append(Batches.of("event " + i), "");
    }
    journal.close();
    assertThat(heard.committed()).hasSize(500);
    assertThat(heard.groups()).isLessThan(500);
  }

  @Test
  void findsPositionsByAgeAndSize() throws IOException {
    try (Journal journal = open()) {
      for (int i = 0; i < 100; i++) {
        journal.append(Batches.of("x".repeat(1000)), "");
      }
      heard.awaitAnswers(100);
      java.time.Instant later = java.time.Instant.now().plusSeconds(9);
      assertThat(journal.writtenBefore(later).ordinal()).isBetween(80L, 99L);
      assertThat(journal.writtenBefore(java.time.Instant.EPOCH)).isEqualTo(journal.first());
      assertThat(journal.keeping(40_000).ordinal()).isBetween(60L, 80L);
      assertThat(journal.keeping(Long.MAX_VALUE)).isEqualTo(journal.first());
      journal.release(new Position(0, 50));
      assertThat(journal.bytes()).isBetween(45_000L, 60_000L);
    }
  }

  @Test
  void commitsUnforcedUnderARelaxedSync() throws IOException {
    try (Journal journal =
        Journal.open(directory, SMALL.withSync(Sync.every(Duration.ofMillis(20))), heard)) {
      journal.append(Batches.of("a"), "");
      heard.awaitAnswers(1);
      await().until(() -> journal.stats().forces() == 1);
    }
  }
}

package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.event.Position;
import io.sluice.event.Refusal;
import io.sluice.harness.Effort;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Disks that fail, run full, or hold something else than was written. */
@org.junit.jupiter.api.extension.ExtendWith(Quiet.class)
class JournalFaultTest {
  private static final JournalOptions OPTIONS =
      JournalOptions.DEFAULTS
          .withSegmentBytes(16 << 10)
          .withMaxCommitDelay(Duration.ZERO)
          .withCursorEvery(Duration.ZERO);

  private final PowerCutDisk disk = new PowerCutDisk();
  private final Heard heard = new Heard();
  private final Random random = new Random();
  private long nanos;

  private Journal open(Disk on) throws IOException {
    return open(on, OPTIONS);
  }

  private Journal open(Disk on, JournalOptions options) throws IOException {
    return Journal.open(
        new Surroundings(on, Clock.systemUTC(), () -> nanos, random::nextLong, () -> 0),
        options,
        heard);
  }

  private static List<String> payloads(Journal journal, List<Damage> damage) throws IOException {
    List<String> all = new ArrayList<>();
    try (JournalReader reader = journal.reader(Position.START, damage::add)) {
      for (Optional<Entry> entry = reader.read(); entry.isPresent(); entry = reader.read()) {
        all.addAll(Batches.payloads(entry.get().batch()));
      }
    }
    return all;
  }

  private static void end(Journal journal) {
    journal.shutdown();
    journal.drain();
  }

  /** Twenty events, a frame each, each forced on its own. */
  private List<Long> written(Journal journal) throws IOException {
    List<Long> ends = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      journal.append(Batches.of("event " + i + " " + "x".repeat(i * 7)), i);
      journal.step();
      ends.add(SegmentHeader.BYTES + journal.stats().bytes());
    }
    return ends;
  }

  private static List<String> first(int events) {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      expected.add("event " + i + " " + "x".repeat(i * 7));
    }
    return expected;
  }

  private static final String SEGMENT = SegmentHeader.file(0);

  @Test
  void aFailedForceIsFinal() throws IOException {
    Journal journal = open(disk);
    disk.failForces();
    journal.append(Batches.of("a"), "");
    journal.step();
    journal.append(Batches.of("b"), "");
    journal.step();
    assertThat(heard.failed()).extracting(Appended::attachment).hasSize(1);
    assertThat(heard.failures()).isEqualTo(1);
    assertThat(heard.refused()).containsValue(Refusal.JOURNAL_FAILED).hasSize(1);
    assertThat(heard.committed()).isEmpty();
    assertThat(journal.stats().failed()).isTrue();
    end(journal);
    disk.processDied();
    assertThat(disk.list()).doesNotContain(CleanMarker.NAME);
    assertThat(open(disk).next().epoch()).isEqualTo(1);
  }

  @Test
  void theWriterRestsAfterAFailedForce() throws Exception {
    // It looks at the time each time around.
    CountDownLatch turns = new CountDownLatch(1000);
    Journal journal =
        Journal.open(
            new Surroundings(
                disk,
                Clock.systemUTC(),
                () -> {
                  turns.countDown();
                  return 0;
                },
                random::nextLong,
                () -> 0),
            OPTIONS,
            heard);
    disk.failForces();
    journal.start("resting");
    journal.append(Batches.of("a"), "");
    heard.awaitAnswers(1);
    assertThat(turns.await(300, TimeUnit.MILLISECONDS)).as("turns again and again").isFalse();
    journal.close();
  }

  @Test
  void aFailedWriteIsFinal() throws IOException {
    Journal journal = open(disk);
    disk.failWrites();
    journal.append(Batches.of("a"), "");
    journal.step();
    assertThat(heard.failed()).hasSize(1);
    assertThat(journal.next()).isEqualTo(Position.START);
  }

  @Test
  void aDiskThatFailsUnderTheCursorsFailsTheJournal() throws IOException {
    Journal journal = open(disk);
    disk.failForces();
    journal.saveCursor("sink", Position.START);
    journal.keeper.turn();
    journal.append(Batches.of("a"), "");
    journal.step();
    assertThat(heard.failed()).hasSize(1);
    assertThat(heard.committed()).isEmpty();
  }

  @Test
  void refusesWhileTheDiskIsFullAndTakesAgainWhenThereIsRoom() throws IOException {
    Journal journal = open(disk);
    journal.keeper.turn();
    disk.room(disk.used() + 5_000);
    for (int i = 0; i < 40; i++) {
      journal.append(Batches.of("event " + i + "x".repeat(1000)), "");
      journal.step();
    }
    int committed = heard.committed().size();
    assertThat(committed).isBetween(10, 39);
    assertThat(heard.refused()).hasSize(40 - committed).containsValue(Refusal.DISK_FULL);
    assertThat(journal.stats().diskFull()).isTrue();
    journal.saveCursor("sink", journal.next());
    journal.keeper.turn();
    assertThat(CursorFile.load(disk, disk.list()).orElseThrow().positions())
        .containsEntry("sink", journal.next());

    disk.room(Long.MAX_VALUE);
    nanos += 2_000_000_000;
    journal.append(Batches.of("last"), "");
    journal.step();
    assertThat(heard.committed()).hasSize(committed + 1);
    disk.processDied();
    List<Damage> damage = new ArrayList<>();
    Journal again = open(disk);
    assertThat(payloads(again, damage)).hasSize(committed + 1).endsWith("last");
    assertThat(damage).isEmpty();
  }

  @Test
  void aTornTailKeepsExactlyTheFramesBeforeIt() throws IOException {
    tears(random.nextInt(11), 11);
  }

  @Tag("slow")
  @Test
  void everyTornTailKeepsExactlyTheFramesBeforeIt() throws IOException {
    int step = Effort.of(1, 4);
    tears(random.nextInt(step), step);
  }

  private void tears(int from, int step) throws IOException {
    List<Long> ends = written(open(disk));
    byte[] whole = disk.content(SEGMENT);
    byte[] garbage = new byte[whole.length];
    random.nextBytes(garbage);
    long last = ends.get(ends.size() - 1);
    for (int at = SegmentHeader.BYTES + from; at <= last; at += step) {
      byte[] truncated = java.util.Arrays.copyOf(whole, at);
      byte[] zeroed = java.util.Arrays.copyOf(truncated, whole.length);
      byte[] overwritten = zeroed.clone();
      System.arraycopy(garbage, at, overwritten, at, whole.length - at);
      for (byte[] torn : List.of(truncated, zeroed, overwritten)) {
        recoversTwice(at, torn, whole(torn, whole, ends));
      }
    }
  }

  /** How many frames from the start are as they were; zeros over padding change nothing. */
  private static int whole(byte[] torn, byte[] whole, List<Long> ends) {
    int differs = java.util.Arrays.mismatch(torn, whole);
    return differs < 0 ? 20 : (int) ends.stream().filter(end -> end <= differs).count();
  }

  private void recoversTwice(int at, byte[] segment, int events) throws IOException {
    PowerCutDisk torn = disk.copy();
    torn.put(SEGMENT, segment);
    for (int epoch = 1; epoch <= 2; epoch++) {
      Journal journal = open(torn);
      List<Damage> damage = new ArrayList<>();
      assertThat(payloads(journal, damage)).as("torn at %d", at).isEqualTo(first(events));
      assertThat(damage).as("torn at %d", at).isEmpty();
      assertThat(journal.next()).isEqualTo(new Position(epoch, events));
      torn.processDied();
    }
  }

  @Test
  void aCopyOfATornTailIsKept() throws IOException {
    List<Long> ends = written(open(disk));
    byte[] torn = java.util.Arrays.copyOf(disk.content(SEGMENT), (int) (ends.get(19) - 3));
    disk.put(SEGMENT, torn);
    disk.processDied();
    Journal journal = open(disk);
    assertThat(journal.stats().tornBytes()).isEqualTo(ends.get(19) - 3 - ends.get(18));
    assertThat(disk.list()).filteredOn(name -> name.endsWith(".torn")).hasSize(1);
  }

  @Test
  void aFlippedBitNeverAltersDataAndItsLossIsToldExactly() throws IOException {
    flips(random.nextInt(29), 29);
  }

  @Tag("slow")
  @Test
  void noFlippedBitAltersData() throws IOException {
    int step = Effort.of(1, 7);
    flips(random.nextInt(step), step);
  }

  private void flips(int from, int step) throws IOException {
    Journal journal = open(disk);
    List<Long> ends = written(journal);
    end(journal);
    disk.delete("ballast");
    byte[] whole = disk.content(SEGMENT);
    int last = Math.toIntExact(ends.get(19));
    for (int bit = from; bit < last * 8; bit += step) {
      PowerCutDisk flipped = disk.copy();
      byte[] bytes = whole.clone();
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));
      flipped.put(SEGMENT, bytes);
      List<Damage> damage = new ArrayList<>();
      List<String> read = payloads(open(flipped), damage);
      flipped.unlock();
      List<String> expected = first(20);
      if (bit / 8 >= SegmentHeader.BYTES) {
        int frame = bit / 8;
        int lost = (int) ends.stream().filter(end -> end <= frame).count();
        expected.remove(lost);
        assertThat(damage)
            .as("bit %d", bit)
            .extracting(Damage::from, Damage::to, Damage::forced)
            .containsExactly(
                org.assertj.core.groups.Tuple.tuple(
                    new Position(0, lost), new Position(0, lost + 1), true));
      } else {
        assertThat(damage).as("bit %d", bit).isEmpty();
      }
      assertThat(read).as("bit %d", bit).isEqualTo(expected);
    }
  }

  @Test
  void aFlippedBitAfterACrashIsToldToo() throws IOException {
    List<Long> ends = written(open(disk));
    byte[] whole = disk.content(SEGMENT);
    whole[Math.toIntExact(ends.get(9)) + 60] ^= 1;
    disk.put(SEGMENT, whole);
    disk.processDied();
    Journal journal = open(disk);
    assertThat(journal.damage())
        .containsExactly(
            new Damage(new Position(0, 10), new Position(0, 11), SEGMENT, ends.get(9), true));
    assertThat(journal.stats().lostEvents()).isEqualTo(1);
    List<String> expected = first(20);
    expected.remove(10);
    assertThat(payloads(journal, new ArrayList<>())).isEqualTo(expected);
  }

  @Test
  void failsOnDamageWhenToldTo() throws IOException {
    List<Long> ends = written(open(disk));
    byte[] whole = disk.content(SEGMENT);
    whole[Math.toIntExact(ends.get(9)) + 60] ^= 1;
    disk.put(SEGMENT, whole);
    disk.processDied();
    List<String> names = disk.list();
    assertThatThrownBy(() -> open(disk, OPTIONS.withOnCorruption(OnCorruption.FAIL)))
        .isInstanceOf(DamagedException.class)
        .hasMessageContaining("0/10 to 0/11");
    assertThat(disk.list()).isEqualTo(names);
  }

  @Test
  void aFlippedBitInTheCursorsFallsBackToTheOnesBefore() throws IOException {
    Journal journal = open(disk);
    written(journal);
    for (int at : List.of(3, 5)) {
      journal.saveCursor("sink", new Position(0, at));
      journal.keeper.turn();
    }
    end(journal);
    byte[] whole = disk.content(CursorFile.NAME);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      PowerCutDisk flipped = disk.copy();
      byte[] bytes = whole.clone();
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));
      flipped.put(CursorFile.NAME, bytes);
      assertThat(open(flipped).cursors()).containsEntry("sink", new Position(0, 3));
    }
  }

  @Test
  void aDeletedSegmentIsToldAndSkipped() throws IOException {
    Journal journal = open(disk);
    for (int i = 0; i < 60; i++) {
      journal.append(Batches.of("event " + i + "x".repeat(1000)), "");
      journal.step();
    }
    List<Segment> sealed = Contents.read(disk).segments();
    disk.processDied();
    disk.delete(sealed.get(1).name());
    List<Damage> damage = new ArrayList<>();
    Journal again = open(disk);
    int lost = (int) (sealed.get(1).next() - sealed.get(1).base());
    assertThat(payloads(again, damage)).hasSize(60 - lost);
    assertThat(again.damage())
        .extracting(Damage::from, Damage::to)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                new Position(0, sealed.get(1).base()), new Position(0, sealed.get(1).next())));
    assertThat(damage).hasSize(1);
    assertThat(damage.get(0).events()).isEqualTo(lost);
  }

  @Test
  void anEmptySegmentFileIsPutAsideAndTold() throws IOException {
    Journal journal = open(disk);
    written(journal);
    disk.processDied();
    disk.put(SegmentHeader.file(20), new byte[0]);
    Journal again = open(disk);
    assertThat(again.next()).isEqualTo(new Position(1, 20));
    assertThat(payloads(again, new ArrayList<>())).isEqualTo(first(20));
    assertThat(disk.list()).contains(SegmentHeader.file(20) + ".damaged");
    assertThat(again.damage()).hasSize(1);
  }

  @Test
  void leavesForeignFilesAlone() throws IOException {
    disk.put("README", new byte[] {1});
    disk.put("12.seg", new byte[] {1});
    Journal journal = open(disk);
    written(journal);
    end(journal);
    Journal again = open(disk);
    assertThat(payloads(again, new ArrayList<>())).isEqualTo(first(20));
    assertThat(disk.list()).contains("README", "12.seg");
    assertThat(again.damage()).isEmpty();
  }

  @Test
  void aSegmentOfAnotherJournalIsPutAside() throws IOException {
    PowerCutDisk other = new PowerCutDisk();
    written(open(other));
    Journal journal = open(disk);
    for (int i = 0; i < 60; i++) {
      journal.append(Batches.of("event " + i + "x".repeat(1000)), "");
      journal.step();
    }
    disk.processDied();
    disk.put(SEGMENT, other.content(SEGMENT));
    Journal again = open(disk);
    assertThat(again.damage()).hasSize(1);
    assertThat(again.damage().get(0).from()).isEqualTo(Position.START);
    assertThat(again.first()).isEqualTo(again.damage().get(0).to());
  }

  @Test
  void refusesALaterFormatAndTouchesNothing() throws IOException {
    Journal journal = open(disk);
    written(journal);
    end(journal);
    byte[] later = disk.content(SEGMENT);
    for (int copy = 0; copy < SegmentHeader.BYTES; copy += SegmentHeader.COPY) {
      java.nio.ByteBuffer in =
          java.nio.ByteBuffer.wrap(later).order(java.nio.ByteOrder.LITTLE_ENDIAN);
      in.putShort(copy + 8, (short) (SegmentHeader.VERSION + 1));
      int sum = copy + SegmentHeader.COPY - 4;
      in.putInt(sum, Checksum.of(in, copy, sum));
    }
    disk.put(SEGMENT, later);
    List<String> names = disk.list();
    assertThatThrownBy(() -> open(disk))
        .isInstanceOf(JournalVersionException.class)
        .hasMessageContaining(SEGMENT + " has journal format 2");
    assertThat(disk.list()).isEqualTo(names);
    assertThat(disk.content(SEGMENT)).isEqualTo(later);
  }

  @Test
  void goesOnBehindEverythingKnownWhenAllSegmentsAreGone() throws IOException {
    Journal journal = open(disk);
    written(journal);
    journal.saveCursor("sink", journal.next());
    end(journal);
    disk.delete(SEGMENT);
    Journal again = open(disk);
    assertThat(again.next()).isEqualTo(new Position(1, 20));
    assertThat(again.resume(new Position(0, 20))).isEqualTo(new Position(1, 20));
  }

  @Test
  void whatARecycledFileHeldBeforeIsNeverRead() throws IOException {
    Journal journal = open(disk);
    for (int i = 0; i < 200; i++) {
      journal.append(Batches.of("event " + i + "x".repeat(500)), "");
      journal.step();
      journal.release(journal.next());
      journal.keeper.turn();
    }
    assertThat(Contents.read(disk).segments().get(0).header().recycled()).isTrue();
    Position next = journal.next();
    List<Damage> damage = new ArrayList<>();
    List<String> before = payloads(journal, damage);
    disk.processDied();
    Journal again = open(disk);
    assertThat(again.next().ordinal()).isEqualTo(next.ordinal());
    assertThat(payloads(again, damage)).isEqualTo(before);
    assertThat(damage).isEmpty();
    assertThat(again.damage()).isEmpty();
    assertThat(again.stats().tornBytes()).isZero();
  }
}

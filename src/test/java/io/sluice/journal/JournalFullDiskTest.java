package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Position;
import io.sluice.event.Refusal;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A disk that runs full, and has room again: much, little, or only what sinks have let go. */
@ExtendWith(Quiet.class)
class JournalFullDiskTest {
  private static final int SEGMENT = 2 << 20;
  private static final int GROUP = 1 << 20;
  private static final JournalOptions OPTIONS =
      new JournalOptions(
          SEGMENT,
          Sync.ALWAYS,
          Duration.ZERO,
          GROUP,
          1 << 20,
          OnCorruption.QUARANTINE,
          2,
          Duration.ZERO);

  private final PowerCutDisk disk = new PowerCutDisk();
  private final Heard heard = new Heard();
  private final Random random = new Random();
  private long nanos;

  private Journal open(JournalOptions options) throws IOException {
    return Journal.open(
        new Surroundings(disk, Clock.systemUTC(), () -> nanos, random::nextLong, () -> 0),
        options,
        heard);
  }

  /** Appends an event and says whether it was committed. */
  private boolean takes(Journal journal, int bytes) {
    int before = heard.committed().size();
    journal.append(Batches.of("x".repeat(bytes)), "");
    journal.step();
    return heard.committed().size() > before;
  }

  /** Writes until it is refused; leaves no room at all. */
  private int fill(Journal journal) {
    int before = heard.committed().size();
    while (takes(journal, 10_000)) {
      assertThat(heard.committed().size() - before).as("fills at some time").isLessThan(5000);
    }
    assertThat(heard.refused()).containsValue(Refusal.DISK_FULL);
    disk.room(disk.used());
    return heard.committed().size() - before;
  }

  private void secondsPass(Journal journal, int seconds) {
    for (int i = 0; i < seconds; i++) {
      nanos += Duration.ofSeconds(1).toNanos();
      journal.step();
      journal.keeper.turn();
    }
  }

  private List<String> payloads(Journal journal) throws IOException {
    List<String> all = new ArrayList<>();
    List<Damage> damage = new ArrayList<>();
    try (JournalReader reader = journal.reader(Position.START, damage::add)) {
      for (Optional<Entry> entry = reader.read(); entry.isPresent(); entry = reader.read()) {
        all.addAll(Batches.payloads(entry.get().batch()));
      }
    }
    assertThat(damage).isEmpty();
    return all;
  }

  @Test
  void takesAgainOnceThereIsRoomForWhatIsWrittenNext() throws IOException {
    Journal journal = open(OPTIONS);
    journal.keeper.turn();
    disk.room(disk.used() + 300_000);
    int before = fill(journal);
    secondsPass(journal, 3);
    assertThat(takes(journal, 100)).as("no room yet").isFalse();

    disk.room(disk.used() + GROUP + 100_000); // less than a segment
    secondsPass(journal, 1);

    assertThat(journal.stats().diskFull()).as("though nobody asked").isFalse();
    assertThat(takes(journal, 100)).isTrue();
    disk.processDied();
    assertThat(payloads(open(OPTIONS))).hasSize(before + 1);
  }

  @Test
  void aFullSegmentOnAFullDiskIsFollowedBySomethingSmaller() throws IOException {
    Journal journal = open(OPTIONS);
    journal.keeper.turn();
    disk.room(disk.used() + 100);
    int before = fill(journal);
    assertThat(journal.stats().segments()).isLessThanOrEqualTo(2);

    disk.room(disk.used() + 2 * GROUP);
    secondsPass(journal, 2);

    assertThat(takes(journal, 100)).isTrue();
    disk.processDied();
    assertThat(payloads(open(OPTIONS))).hasSize(before + 1);
  }

  @Test
  void aDiskFullOfWhatEverySinkHasEmptiesItself() throws IOException {
    Journal journal = open(OPTIONS);
    journal.keeper.turn();
    disk.room(disk.used() + 300_000);
    fill(journal);
    journal.saveCursor("sink", journal.next());
    journal.release(journal.next());
    journal.keeper.turn();

    secondsPass(journal, 4);

    assertThat(takes(journal, 100)).as("without any help from outside").isTrue();
    assertThat(journal.stats().segments()).isEqualTo(1);
    assertThat(disk.used()).isLessThan(SEGMENT);
  }

  @Test
  void whatSinksDoNotHaveYetStaysOnAFullDisk() throws IOException {
    Journal journal = open(OPTIONS);
    journal.keeper.turn();
    disk.room(disk.used() + 300_000);
    int before = fill(journal);
    int segments = journal.stats().segments();
    journal.saveCursor("sink", journal.first());
    journal.keeper.turn();

    secondsPass(journal, 10);

    assertThat(takes(journal, 100)).isFalse();
    assertThat(payloads(journal)).hasSize(before);
    assertThat(journal.stats().segments())
        .as("ended once, not every second")
        .isEqualTo(segments + 1);
  }

  @Test
  void aSpareSegmentIsNotMadeOfTheWritersRoom() throws IOException {
    Journal journal = open(OPTIONS.withSegmentBytes(1 << 20));
    journal.keeper.turn();
    disk.room(disk.used() + (3 << 19));
    for (int i = 0; i < 150; i++) {
      assertThat(takes(journal, 10_000)).as("event " + i).isTrue();
      journal.keeper.turn();
      assertThat(disk.list()).noneMatch(name -> name.contains(Spares.SUFFIX));
    }
  }

  @Test
  void aReleasedSegmentIsNotKeptWhereRoomIsScarce() throws IOException {
    Journal journal = open(OPTIONS.withSegmentBytes(1 << 20));
    disk.room(disk.used() + (1 << 20));
    for (int i = 0; i < 110; i++) {
      assertThat(takes(journal, 10_000)).isTrue();
    }
    disk.room(disk.used() + 1000);

    journal.release(journal.next());
    journal.keeper.turn();

    assertThat(disk.list()).noneMatch(name -> name.endsWith(Spares.SUFFIX));
    assertThat(journal.stats().segments()).isEqualTo(1);
  }

  @Test
  void opensOnAFullDiskAfterACrashAndGivesBackWhatItHolds() throws IOException {
    Journal journal = open(OPTIONS);
    journal.keeper.turn();
    disk.room(disk.used() + 300_000);
    int before = fill(journal);
    disk.processDied();

    Journal again = open(OPTIONS);

    assertThat(payloads(again)).hasSize(before);
    again.saveCursor("sink", again.next());
    again.release(again.next());
    again.keeper.turn();
    secondsPass(again, 3);
    assertThat(takes(again, 100)).isTrue();
  }
}

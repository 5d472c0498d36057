package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Position;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the keeper does while it makes a spare segment, which takes long. */
class KeeperTest {
  private static final int MIB = 1 << 20;
  private static final String UNFINISHED = Spares.SUFFIX + ".tmp";

  private final PowerCutDisk disk = new PowerCutDisk();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger saves = new AtomicInteger();
  private Journal journal;

  @BeforeEach
  void open() throws IOException {
    JournalOptions options =
        JournalOptions.DEFAULTS
            .withSegmentBytes(5 * MIB)
            .withMaxCommitDelay(Duration.ZERO)
            .withCursorEvery(Duration.ofMillis(100));
    journal =
        Journal.open(
            new Surroundings(disk, Clock.systemUTC(), nanos::get, () -> 7, () -> 0),
            options,
            new Heard());
    journal.keeper.turn();
  }

  private void write(int mebibytes) {
    for (int i = 0; i < mebibytes; i++) {
      journal.append(Batches.of("x".repeat(MIB)), "");
      journal.step();
    }
  }

  /** Every mebibyte of the spare takes so long, and the sink has come further after each. */
  private void making(Duration each) {
    AtomicLong sink = new AtomicLong();
    disk.onForce(
        name -> {
          if (name.endsWith(UNFINISHED)) {
            nanos.addAndGet(each.toNanos());
            journal.saveCursor("sink", new Position(0, sink.incrementAndGet()));
          } else if (name.startsWith("cursors")) {
            saves.incrementAndGet();
          }
        });
  }

  private boolean there(String ending) {
    return disk.list().stream().anyMatch(name -> name.endsWith(ending));
  }

  @Test
  void savesCursorsNoMoreOftenThanElse() {
    journal.saveCursor("sink", Position.START);
    journal.keeper.turn();
    write(3);
    making(Duration.ofMillis(50));
    journal.keeper.turn();
    assertThat(there(Spares.SUFFIX)).isTrue();
    assertThat(saves).hasValue(2);
  }

  @Test
  void segmentThatIsLetGoMeanwhileIsTheSpare() {
    write(8);
    disk.onForce(
        name -> {
          if (name.endsWith(UNFINISHED)) {
            journal.release(journal.next());
          }
        });
    journal.keeper.turn();
    assertThat(disk.list()).filteredOn(Spares::used).hasSize(1);
    assertThat(disk.list()).filteredOn(name -> name.endsWith(Spares.SUFFIX)).hasSize(1);
    assertThat(there(UNFINISHED)).isFalse();
  }

  @Test
  void closingDoesNotWaitForIt() {
    write(3);
    disk.onForce(
        name -> {
          if (name.endsWith(UNFINISHED)) {
            journal.keeper.close();
          }
        });
    journal.keeper.turn();
    assertThat(disk.list()).noneMatch(name -> name.contains(Spares.SUFFIX));
  }
}

package io.sluice.journal;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.function.LongSupplier;

/** A journal on a simulated disk, whose threads are the test, for tests of who uses it. */
public final class CrashingJournal {
  private final PowerCutDisk disk = new PowerCutDisk();
  private final JournalOptions options;
  private final Clock clock;
  private final Random random;
  private final LongSupplier nanos;

  /** With segments of 16 KiB. */
  public CrashingJournal(Sync sync, Clock clock, LongSupplier nanos, Random random) {
    this.options =
        JournalOptions.DEFAULTS
            .withSegmentBytes(16 << 10)
            .withMaxCommitDelay(Duration.ZERO)
            .withCursorEvery(Duration.ZERO)
            .withSync(sync);
    this.clock = clock;
    this.nanos = nanos;
    this.random = random;
  }

  /** Opens what the disk holds; power may go before it is done. */
  public Journal open(Commits commits) throws IOException {
    return Journal.open(
        new Surroundings(disk, clock, nanos, random::nextLong, () -> 0), options, commits);
  }

  /** One turn of the writer. */
  public void write(Journal journal) {
    journal.step();
  }

  /** One turn of the keeper. */
  public void keep(Journal journal) {
    journal.keeper.turn();
  }

  /** Ends in order. */
  public void end(Journal journal) {
    journal.shutdown();
    journal.drain();
  }

  /** Cuts power before the so-many-th change from now. */
  public void cutAfter(int changes) {
    disk.cutAfter(changes);
  }

  public boolean isDead() {
    return disk.isDead();
  }

  /** Whether what was thrown is the end of power. */
  public static boolean isCut(Throwable thrown) {
    return thrown instanceof PowerCutDisk.PowerCut;
  }

  /** Has room for so much more; all there is for a negative number. */
  public void room(long bytes) {
    disk.room(bytes < 0 ? Long.MAX_VALUE : disk.used() + bytes);
  }

  /** Power is back, with what survived of what was not forced. */
  public void restart() {
    disk.restart(random);
  }

  /** The process died, the system lives on. */
  public void processDied() {
    disk.processDied();
  }
}

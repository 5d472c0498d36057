package io.sluice.journal;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * What a journal takes from outside, so that tests can replace it.
 *
 * @param clock only ever written down, never used for order
 * @param nanos a clock that does not jump; nanoseconds
 * @param random salts and identities
 * @param firstEpoch of a new journal; by lot, so that a place in one that was deleted is no place
 *     in the one after it, whatever a sink still holds of that
 */
record Surroundings(
    Disk disk, Clock clock, LongSupplier nanos, LongSupplier random, IntSupplier firstEpoch) {
  /** Leaves room for all the epochs that come after the first. */
  private static final int FIRST_EPOCHS = 1 << 30;

  static Surroundings real(Path directory) {
    SecureRandom random = new SecureRandom();
    return new Surroundings(
        new FileDisk(directory),
        Clock.systemUTC(),
        System::nanoTime,
        random::nextLong,
        () -> random.nextInt(FIRST_EPOCHS));
  }
}

package io.sluice.journal;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.LongSupplier;

/**
 * What a journal takes from outside, so that tests can replace it.
 *
 * @param clock only ever written down, never used for order
 * @param nanos a clock that does not jump; nanoseconds
 * @param random salts and identities
 */
record Surroundings(Disk disk, Clock clock, LongSupplier nanos, LongSupplier random) {
  static Surroundings real(Path directory) {
    return new Surroundings(
        new FileDisk(directory), Clock.systemUTC(), System::nanoTime, new SecureRandom()::nextLong);
  }
}

package io.sluice.journal;

import java.time.Duration;

/**
 * When written frames are forced to disk.
 *
 * @param within the longest time a committed frame may stay unforced; zero forces before every
 *     commit
 */
public record Sync(Duration within) {
  /** Forced before it is committed: survives a power cut. */
  public static final Sync ALWAYS = new Sync(Duration.ZERO);

  /** Left to the operating system, but for rotation and shutdown: survives a killed process. */
  public static final Sync NEVER = new Sync(Duration.ofDays(36_500));

  public Sync {
    if (within.isNegative()) {
      throw new IllegalArgumentException("negative sync interval " + within);
    }
  }

  /** Forced at the latest {@code interval} after it was committed. */
  public static Sync every(Duration interval) {
    return new Sync(interval);
  }

  boolean always() {
    return within.isZero();
  }
}

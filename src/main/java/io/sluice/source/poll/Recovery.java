package io.sluice.source.poll;

import io.sluice.connector.PollSettings.PollRetry;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * What to do after polls that failed: retries with full jitter, as far as a budget goes, and then a
 * circuit that lets one poll through from time to time. Confined to the event loop of its source.
 *
 * <p>The budget keeps retries a small part of all polls: ten at the most at once, and five polls
 * that succeed earn one.
 */
final class Recovery {
  private static final int OPENS_AT = 5;
  private static final double BUDGET = 10;
  private static final double EARNED = 0.2;
  private static final int DOUBLINGS = 40;

  private final PollRetry settings;
  private final DoubleSupplier random;
  private double budget = BUDGET;
  private int failures;

  /**
   * Nothing failed yet.
   *
   * @param random from 0 to before 1
   */
  Recovery(PollRetry settings, DoubleSupplier random) {
    this.settings = settings;
    this.random = random;
  }

  /**
   * What follows a failure.
   *
   * @param after how long until a poll is tried once more
   * @param holds whether ticks before that are skipped
   * @param retries whether it is tried then, or at the next tick
   */
  record Answer(Duration after, boolean holds, boolean retries) {}

  void succeeded() {
    failures = 0;
    budget = Math.min(BUDGET, budget + EARNED);
  }

  /** Forgets what failed, as somebody has looked into it. */
  void forget() {
    failures = 0;
    budget = BUDGET;
  }

  /**
   * A poll failed.
   *
   * @param lasting whether trying again soon would not help
   */
  Answer failed(boolean lasting) {
    failures++;
    if (lasting) {
      return new Answer(half(settings.max()), true, true);
    }
    Duration bound = bound();
    if (failures >= OPENS_AT) {
      return new Answer(half(bound), true, true);
    }
    boolean retries = budget >= 1;
    budget -= retries ? 1 : 0;
    return new Answer(scaled(bound, random.getAsDouble()), false, retries);
  }

  private Duration bound() {
    double nanos = settings.first().toNanos() * Math.pow(2, Math.min(failures - 1, DOUBLINGS));
    return Duration.ofNanos(Math.min(settings.max().toNanos(), (long) nanos));
  }

  /** At least half of it, so that an open circuit never closes at once. */
  private Duration half(Duration bound) {
    return scaled(bound, 0.5 + random.getAsDouble() / 2);
  }

  private static Duration scaled(Duration bound, double share) {
    return Duration.ofNanos((long) (bound.toNanos() * share));
  }
}

package io.sluice.delivery;

import io.sluice.config.Check;
import io.sluice.config.Key;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** When a delivery that did not succeed is tried again. */
public record RetryConfig(
    @Key(
            doc = "Longest wait before the first retry; doubles with each further one.",
            preset = "100ms")
        Duration first,
    @Key(doc = "Longest wait before any retry.", preset = "30s") Duration max,
    @Key(doc = "Time after which a delivery is given up as refused. Left out: never.")
        Optional<Duration> budget) {
  public RetryConfig {
    Check.that(first.toMillis() > 0, "first", "must be at least a millisecond");
    Check.that(max.compareTo(first) >= 0, "max", "must not be less than first");
    Check.that(!budget.orElse(Duration.ZERO).isNegative(), "budget", "must not be negative");
  }

  /**
   * A wait with full jitter: anything up to what doubling came to.
   *
   * @param failures how many attempts failed in a row, at least one
   */
  Duration delay(int failures, RandomGenerator random) {
    int doublings = Math.min(failures - 1, 40);
    long most = max.toNanos();
    long bound = first.toNanos() > (most >> doublings) ? most : first.toNanos() << doublings;
    return Duration.ofNanos(random.nextLong(bound + 1));
  }
}

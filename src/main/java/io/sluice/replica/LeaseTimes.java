package io.sluice.replica;

import io.sluice.config.Check;
import io.sluice.config.Key;
import java.time.Duration;

/** For how long a replica may poll, and how it keeps that right. */
public record LeaseTimes(
    @Key(
            doc =
                "How long the right lasts from its last renewal: so long the sources of a replica"
                    + " that died stand still, at the most.",
            preset = "15s")
        Duration duration,
    @Key(
            doc =
                "How long a replica that cannot renew its right goes on polling; less than the"
                    + " duration, so that it has stopped when another one begins.",
            preset = "10s")
        Duration renewWithin,
    @Key(doc = "How often it is renewed, and how often others look.", preset = "2s")
        Duration renewEvery) {
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration SHORTEST = Duration.ofMillis(100);

  public LeaseTimes {
    Check.that(duration.compareTo(LONGEST) <= 0, "duration", "must not be longer than 1h");
    Check.that(
        renewWithin.compareTo(duration) < 0, "renewWithin", "must be shorter than the duration");
    Check.that(
        renewEvery.multipliedBy(2).compareTo(renewWithin) <= 0,
        "renewEvery",
        "must not be longer than half of renewWithin");
    Check.that(renewEvery.compareTo(SHORTEST) >= 0, "renewEvery", "must not be under 100ms");
  }
}

package io.sluice.delivery;

import io.sluice.config.ByteSize;
import io.sluice.config.Check;
import io.sluice.config.Key;
import java.time.Duration;

/** How much goes to the destination at once. */
public record BatchConfig(
    @Key(doc = "Most events at once.", preset = "10000") int maxEvents,
    @Key(
            doc = "Most payload bytes at once; what arrived together as more stays together.",
            preset = "1MiB")
        ByteSize maxBytes,
    @Key(doc = "Longest that events wait for others to join them.", preset = "5ms")
        Duration maxWait) {
  public BatchConfig {
    Check.that(maxEvents > 0, "maxEvents", "must be positive");
    Check.that(maxBytes.bytes() > 0, "maxBytes", "must be positive");
    Check.that(!maxWait.isNegative(), "maxWait", "must not be negative");
  }
}

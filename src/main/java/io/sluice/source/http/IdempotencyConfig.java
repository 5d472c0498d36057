package io.sluice.source.http;

import io.sluice.config.Check;
import io.sluice.config.Key;
import java.time.Duration;

/** How answers are remembered by {@code Idempotency-Key}. */
public record IdempotencyConfig(
    @Key(doc = "Whether a request without an Idempotency-Key is refused.", preset = "false")
        boolean required,
    @Key(doc = "How long an answer is remembered.", preset = "1h") Duration window,
    @Key(doc = "How many answers are remembered; the oldest is forgotten first.", preset = "10000")
        int maxKeys) {
  public IdempotencyConfig {
    Check.that(!window.isNegative() && !window.isZero(), "window", "must be positive");
    Check.that(maxKeys > 0, "maxKeys", "must be positive");
  }
}

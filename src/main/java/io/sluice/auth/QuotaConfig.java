package io.sluice.auth;

import io.sluice.config.ByteSize;
import io.sluice.config.Check;
import io.sluice.config.Key;
import java.time.Duration;
import java.util.Optional;

/** How much may come through a push source, from each principal and in all. */
public record QuotaConfig(
    @Key(
            doc =
                "Most events a second from one principal, or from one client address where nobody"
                    + " proves who they are; an IPv6 /64 is one address. Without it, any number.")
        Optional<Integer> events,
    @Key(doc = "Most bytes a second from the same, as they are sent. Without it, any number.")
        Optional<ByteSize> bytes,
    @Key(
            doc =
                "For how many seconds' worth somebody who was silent may send at once; whole"
                    + " seconds.",
            preset = "10s")
        Duration burst,
    @Key(doc = "Most over all principals together.") Optional<Total> total) {

  /** Beyond this no burst makes sense, and no count overflows. */
  private static final Duration LONGEST_BURST = Duration.ofHours(1);

  /** What may come from all together. */
  public record Total(
      @Key(doc = "Most events a second. Without it, any number.") Optional<Integer> events,
      @Key(doc = "Most bytes a second, as they are sent. Without it, any number.")
          Optional<ByteSize> bytes) {
    public Total {
      check(events, bytes);
    }
  }

  public QuotaConfig {
    check(events, bytes);
    Check.that(
        burst.toSeconds() > 0
            && burst.equals(Duration.ofSeconds(burst.toSeconds()))
            && burst.compareTo(LONGEST_BURST) <= 0,
        "burst",
        "must be whole seconds, from 1s to 1h");
  }

  private static void check(Optional<Integer> events, Optional<ByteSize> bytes) {
    Check.that(events.map(number -> number > 0).orElse(true), "events", "must be positive");
    Check.that(
        bytes.map(size -> size.bytes() > 0 && size.bytes() <= 1L << 40).orElse(true),
        "bytes",
        "must be positive and at most 1TiB");
  }
}

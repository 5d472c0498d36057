package io.sluice.auth;

import io.sluice.config.ByteSize;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The buckets of one party, or of all together. Confined to its quota's lock. */
final class Allowance {
  private final @Nullable Bucket events;
  private final @Nullable Bucket bytes;

  Allowance(Optional<Integer> events, Optional<ByteSize> bytes, long seconds, long now) {
    this.events = events.map(rate -> new Bucket(rate, rate * seconds, now)).orElse(null);
    this.bytes =
        bytes.map(rate -> new Bucket(rate.bytes(), rate.bytes() * seconds, now)).orElse(null);
  }

  void take(long howMany, long howManyBytes, long now) {
    if (events != null) {
      events.take(howMany, now);
    }
    if (bytes != null) {
      bytes.take(howManyBytes, now);
    }
  }

  long untilAny(long now) {
    return Math.max(
        events == null ? 0 : events.untilAny(now), bytes == null ? 0 : bytes.untilAny(now));
  }

  @Nullable Bucket events() {
    return events;
  }

  @Nullable Bucket bytes() {
    return bytes;
  }
}

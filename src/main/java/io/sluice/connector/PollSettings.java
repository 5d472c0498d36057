package io.sluice.connector;

import io.sluice.config.ByteSize;
import io.sluice.config.Check;
import io.sluice.config.Key;
import java.time.Duration;
import java.util.Optional;

/** What an operator says of every pull source. */
public record PollSettings(
    @Key(doc = "When to poll.", preset = "30s") Every every,
    @Key(
            doc =
                "Each poll is put off by a random part of this, so that sources that were started"
                    + " together do not poll together. Without it, a tenth of the interval, and"
                    + " nothing for cron.")
        Optional<Duration> jitter,
    @Key(doc = "Longest a poll may wait for its upstream to bring more.", preset = "30s")
        Duration timeout,
    @Key(doc = "How a poll that failed is tried again.") PollRetry retry,
    @Key(doc = "Most requests in an hour. Without it, no limit.") Optional<Integer> requestsPerHour,
    @Key(doc = "Largest event.", preset = "1MiB") ByteSize maxEventBytes,
    @Key(
            doc =
                "What happens when the cursor cannot be read any more: pause until somebody"
                    + " decides, or reset and read everything again.",
            preset = "pause")
        CursorLoss onCursorLoss,
    @Key(doc = "Polls only while a push source is silent.") Optional<Standby> standby,
    @Key(doc = "Polls to find what a push source has missed.") Optional<Reconcile> reconcile) {
  public PollSettings {
    Check.that(positive(timeout), "timeout", "must be positive");
    jitter.ifPresent(most -> Check.that(!most.isNegative(), "jitter", "must not be negative"));
    requestsPerHour.ifPresent(most -> Check.that(most > 0, "requestsPerHour", "must be positive"));
    Check.that(
        maxEventBytes.bytes() > 0 && maxEventBytes.bytes() <= 1 << 28,
        "maxEventBytes",
        "must be positive and at most 256MiB");
    Check.that(
        standby.isEmpty() || reconcile.isEmpty(),
        "reconcile",
        "cannot be there beside standby: the one polls only while the other source is silent");
  }

  /** What becomes of a source whose cursor is damaged or was written by a newer version. */
  public enum CursorLoss {
    PAUSE,
    RESET
  }

  private static boolean positive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }

  /** How a poll that failed is tried again. */
  public record PollRetry(
      @Key(doc = "Most the first wait can be; each further one can be twice that.", preset = "1s")
          Duration first,
      @Key(doc = "Most a wait can be.", preset = "5m") Duration max) {
    public PollRetry {
      Check.that(positive(first), "first", "must be positive");
      Check.that(first.compareTo(max) <= 0, "first", "must not be longer than max");
    }
  }

  /** Polling while a push source is silent. */
  public record Standby(
      @Key(name = "for", doc = "The push source.") String source,
      @Key(doc = "How long it has to be silent before polling begins.", preset = "5m")
          Duration silent) {
    public Standby {
      Check.that(positive(silent), "silent", "must be positive");
    }
  }

  /** Polling to find what a push source has missed. */
  public record Reconcile(@Key(name = "for", doc = "The push source.") String source) {}
}

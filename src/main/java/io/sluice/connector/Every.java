package io.sluice.connector;

import io.sluice.config.Check;
import io.sluice.config.Durations;
import io.sluice.config.Key;
import io.sluice.config.Text;
import io.sluice.config.Untagged;
import java.time.Duration;

/** When a pull source is polled. */
@Untagged
public sealed interface Every {
  /** At a fixed interval, counted from start to start. */
  @Text(what = "a duration like 250ms, 30s or 24h", pattern = Durations.PATTERN)
  record Fixed(Duration interval) implements Every {
    public static Fixed parse(String text) {
      Duration interval = Durations.parse(text);
      if (interval.isZero()) {
        throw new IllegalArgumentException("must be positive");
      }
      return new Fixed(interval);
    }
  }

  /** At an interval that is learnt from how often there was something new. */
  record Adaptive(
      @Key(doc = "Shortest interval.") Duration min, @Key(doc = "Longest interval.") Duration max)
      implements Every {
    public Adaptive {
      Check.that(!min.isNegative() && !min.isZero(), "min", "must be positive");
      Check.that(min.compareTo(max) <= 0, "min", "must not be longer than max");
    }
  }

  /** At the moments that a cron expression names. */
  record Cron(
      @Key(doc = "Five fields, as in crontab(5): minute, hour, day of month, month, day of week.")
          String cron,
      @Key(doc = "The time zone of the expression.", preset = "UTC") String zone)
      implements Every {}
}

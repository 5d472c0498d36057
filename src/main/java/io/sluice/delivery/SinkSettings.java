package io.sluice.delivery;

import io.sluice.config.Check;
import io.sluice.config.Key;
import io.sluice.config.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** What every sink has, whatever its type. */
public record SinkSettings(
    @Key(doc = "The stream or streams it takes events from.") List<String> from,
    @Key(doc = "How much goes to the destination at once.") BatchConfig batch,
    @Key(
            doc =
                "How many deliveries may be under way at once. Left out: as many as the destination"
                    + " takes without giving up the order, 64 for `file` and 1 for the others; more"
                    + " give up the order between events of different keys.")
        Optional<Integer> inFlight,
    @Key(doc = "When a delivery that did not succeed is tried again.") RetryConfig retry,
    @Key(
            doc =
                "What happens to events the destination can never take: `dead-letter` keeps them"
                    + " aside with the reason, `halt` stops the sink and keeps everything where it"
                    + " is, `drop` counts and forgets them.",
            preset = "dead-letter")
        OnRefused onRefused,
    @Key(doc = "How much is kept of what the destination can never take.")
        DeadLettersConfig deadLetters) {

  /** What happens to events that a destination can never take. */
  public enum OnRefused {
    DEAD_LETTER,
    HALT,
    DROP
  }

  public SinkSettings {
    Check.that(!from.isEmpty(), "from", "must name at least one stream");
    Check.that(from.stream().allMatch(Names::fits), "from", "names streams: each " + Names.RULE);
    Check.that(new HashSet<>(from).size() == from.size(), "from", "names a stream twice");
    Check.that(inFlight.orElse(1) > 0, "inFlight", "must be positive");
    from = List.copyOf(from);
  }
}

package io.sluice.control;

import io.sluice.config.Check;
import io.sluice.config.Key;
import io.sluice.config.Names;
import io.sluice.delivery.BatchConfig;
import io.sluice.delivery.RetryConfig;
import java.util.HashSet;
import java.util.List;

/** The keys that every sink has. */
record SinkKeys(
    @Key(doc = "The streams it takes events from.") List<String> from,
    @Key(doc = "How much goes to the destination at once.") BatchConfig batch,
    @Key(
            doc =
                "How many deliveries may be under way at once; more than one gives up the order"
                    + " between events of different keys.",
            preset = "1")
        int inFlight,
    @Key(doc = "When a delivery that did not succeed is tried again.") RetryConfig retry,
    @Key(
            doc =
                "What becomes of an event that the destination will never take: `dead-letter` keeps"
                    + " it aside with the reason, `halt` stops the sink before it, `drop` gives it"
                    + " up.",
            preset = "dead-letter")
        OnRefused onRefused) {
  SinkKeys {
    Check.that(!from.isEmpty(), "from", "must name at least one stream");
    Check.that(from.stream().allMatch(Names::fits), "from", "names streams: each " + Names.RULE);
    Check.that(new HashSet<>(from).size() == from.size(), "from", "names a stream twice");
    Check.that(inFlight > 0, "inFlight", "must be positive");
  }
}

package io.sluice.stream;

import io.sluice.config.Check;
import io.sluice.config.Key;
import java.time.Duration;

/** How a stream leaves out events it has already, as the operator writes it. */
public record Dedupe(
    @Key(
            doc =
                "What tells that two events are the same: a JSON pointer into the payload, like"
                    + " `/id`, to a string, number or truth value; `id` for the id of a CloudEvent;"
                    + " or `key` for the event's key. Events without it are all kept.")
        By by,
    @Key(doc = "How long an event is remembered, from the moment it was received.", preset = "24h")
        Duration window,
    @Key(
            doc =
                "The most events that are remembered. Each takes about 45 bytes of memory once"
                    + " there are that many. When more come within the window, the oldest are"
                    + " forgotten early, which is logged and counted in"
                    + " `sluice_dedupe_shortened_total`.",
            preset = "1000000")
        int maxKeys,
    @Key(
            doc =
                "Whether replicas share what they remember, in the database of `replicas`: an event"
                    + " that reaches several of them is kept by one. There it is remembered for"
                    + " the window and an hour, however many there are; `maxKeys` is about this"
                    + " gateway's memory.",
            preset = "false")
        boolean shared) {
  private static final int LARGEST = 100_000_000;

  public Dedupe {
    Check.that(!window.isNegative() && !window.isZero(), "window", "must be positive");
    Check.that(maxKeys >= 1000 && maxKeys <= LARGEST, "maxKeys", "must be from 1000 to " + LARGEST);
  }
}

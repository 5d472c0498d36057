package io.sluice.sink.console;

import io.sluice.codec.LineFormat;
import io.sluice.config.Key;

/** Settings of a console sink. */
public record ConsoleConfig(
    @Key(
            doc =
                "What a line holds: `payload` as it came, `cloudevents`, a CloudEvent as a JSON"
                    + " object, or `envelope`, a JSON object with id, position, source, time,"
                    + " content type and data.",
            preset = "payload")
        LineFormat format) {}

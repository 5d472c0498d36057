package io.sluice.sink.file;

import io.sluice.codec.LineFormat;
import io.sluice.config.ByteSize;
import io.sluice.config.Check;
import io.sluice.config.Key;
import java.time.Duration;
import java.util.Optional;

/** Settings of a file sink. */
public record FileSinkConfig(
    @Key(
            doc =
                "File to write; places `{stream}`, `{sink}`, `{source}`, `{key}`, `{date}` and"
                    + " `{hour}` (UTC, by when the gateway received the event) and `{seq}` (the"
                    + " rotation's number) are filled in. What is filled in is at most 64 letters,"
                    + " digits, `.`, `_` or `-`; an event that has anything else there is refused.")
        String path,
    @Key(
            doc =
                "What a line holds: `payload` as it came, `cloudevents`, a CloudEvent as a JSON"
                    + " object, or `envelope`, a JSON object with id, position, source, time,"
                    + " content type and data.",
            preset = "payload")
        LineFormat format,
    @Key(
            doc =
                "`none`, `gzip` or `zstd`; the file name gets `.gz` or `.zst` where it does not"
                    + " end so.",
            preset = "none")
        Compression compression,
    @Key(doc = "Size, as it is on disk, at which the next file is begun.")
        Optional<ByteSize> maxBytes,
    @Key(doc = "Time after which the next file is begun, counted from midnight UTC on 1970-01-01.")
        Optional<Duration> every,
    @Key(
            doc =
                "The longest that a written delivery waits for being forced to disk together with"
                    + " others; `0ms` forces at once. Ends earlier when nothing more comes.",
            preset = "200ms")
        Duration commit,
    @Key(doc = "How many files are kept open at most.", preset = "64") int maxOpenFiles) {
  public FileSinkConfig {
    try {
      PathTemplate.parse(path, compression.suffix());
    } catch (IllegalArgumentException wrong) {
      Check.that(false, "path", String.valueOf(wrong.getMessage()));
    }
    Check.that(maxBytes.map(ByteSize::bytes).orElse(1L) > 0, "maxBytes", "must be positive");
    Check.that(every.map(Duration::toMillis).orElse(1L) > 0, "every", "must be positive");
    Check.that(!commit.isNegative(), "commit", "must not be negative");
    Check.that(maxOpenFiles > 0, "maxOpenFiles", "must be positive");
  }

  PathTemplate template() {
    return PathTemplate.parse(path, compression.suffix());
  }
}

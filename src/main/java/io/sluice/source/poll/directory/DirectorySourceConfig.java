package io.sluice.source.poll.directory;

import io.sluice.config.Check;
import io.sluice.config.Inline;
import io.sluice.config.Key;
import io.sluice.connector.PollSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What an operator says of a directory source. */
public record DirectorySourceConfig(
    @Key(
            doc =
                "Files to read, as a directory and a pattern below it, like `/var/log/app/*.log`:"
                    + " `*` and `?` within a name, `**` across directories, `[a-z]`, `{a,b}`."
                    + " Names ending in `.gz` and `.zst` are uncompressed. Names that files get"
                    + " when they are rotated should match too.")
        String path,
    @Key(
            doc =
                "What becomes of a file once all its events are kept and it is settled: keep, move"
                    + " or delete.",
            preset = "keep")
        After after,
    @Key(doc = "Directory on the same file system that files go to, where after is move.")
        Optional<Path> moveTo,
    @Key(
            doc =
                "How long a file has to stay unchanged before a last line without an end is taken,"
                    + " a compressed file is read, and `after` happens.",
            preset = "10s")
        Duration settle,
    @Key(
            doc =
                "Whether symbolic links are followed wherever they lead. If not, only those to"
                    + " files below the directory are.",
            preset = "false")
        boolean followLinks,
    @Key(
            doc = "What events have as their key: none, or the file they were read from.",
            preset = "none")
        EventKey key,
    @Key(doc = "The media type of the lines.", preset = "text/plain") String contentType,
    @Inline PollSettings polling) {
  public DirectorySourceConfig {
    try {
      Glob.parse(path);
    } catch (IllegalArgumentException bad) {
      Check.that(false, "path", String.valueOf(bad.getMessage()));
    }
    Check.that(
        (after == After.MOVE) == moveTo.isPresent(),
        "moveTo",
        "is needed where `after` is move, and only there");
    Check.that(!settle.isNegative(), "settle", "must not be negative");
    Check.that(!contentType.isBlank(), "contentType", "must not be empty");
  }

  Glob glob() {
    return Glob.parse(path);
  }
}

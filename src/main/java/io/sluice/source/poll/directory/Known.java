package io.sluice.source.poll.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one poll leaves behind for the next, so that a file with nothing new is not opened. Nothing
 * is lost with it. Used by one thread at a time.
 */
final class Known {
  private final Map<String, Look> looks = new HashMap<>();
  private Set<String> missing = Set.of();

  /**
   * A file as it was seen.
   *
   * @param since when it was seen so for the first time, as {@link System#nanoTime()}
   * @param quiet the text of its mark when there was nothing behind that
   * @param waiting whether there was the beginning of a line behind it
   */
  private record Look(Found file, long since, Optional<String> quiet, boolean waiting) {}

  /** A file was found. */
  void found(Found file, long now) {
    Look before = looks.get(file.identity());
    if (before == null || !before.file.same(file)) {
      looks.put(file.identity(), new Look(file, now, Optional.empty(), false));
    }
  }

  /** Whether it stayed unchanged for a while, by the clock or as far as was seen. */
  boolean settled(Found file, Duration span, Instant clock, long now) {
    Look look = looks.get(file.identity());
    return !file.modified().plus(span).isAfter(clock)
        || (look != null && now - look.since >= span.toNanos());
  }

  /** Whether a file that was found has nothing to read behind its mark. */
  boolean quiet(Found file, Optional<String> mark, boolean settled) {
    Look look = looks.get(file.identity());
    return look != null
        && look.quiet.isPresent()
        && look.quiet.equals(Optional.of(mark.orElse("")))
        && !(look.waiting && settled);
  }

  /** There is nothing to read behind the mark until it changes. */
  void nothingMore(Found file, Optional<String> mark, boolean waiting) {
    Look look = looks.get(file.identity());
    if (look != null && look.file.same(file)) {
      looks.put(file.identity(), new Look(file, look.since, Optional.of(mark.orElse("")), waiting));
    }
  }

  /** Which of those that were not found now were not found the last time either. */
  Set<String> missing(Set<String> now) {
    Set<String> before = missing;
    missing = Set.copyOf(now);
    return missing.stream().filter(before::contains).collect(Collectors.toSet());
  }

  /** All others are gone. */
  void retain(Set<String> identities) {
    looks.keySet().retainAll(identities);
  }
}

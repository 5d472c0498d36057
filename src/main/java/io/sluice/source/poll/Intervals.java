package io.sluice.source.poll;

import io.sluice.connector.Every;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What sources had learnt when they stopped, for those that come in their place: a source whose
 * other settings change does not ask its upstream as if it knew nothing. Kept while the process
 * lives, one for each name. Any thread.
 */
final class Intervals {
  private final ConcurrentMap<String, Learnt> learnt = new ConcurrentHashMap<>();

  private record Learnt(Every every, Duration interval) {}

  /** The source stops, waiting so long between its polls. */
  void keep(String source, Every every, Optional<Duration> interval) {
    if (every instanceof Every.Adaptive && interval.isPresent()) {
      learnt.put(source, new Learnt(every, interval.get()));
    } else {
      learnt.remove(source);
    }
  }

  /** What one of its name had learnt within the same bounds. */
  Optional<Duration> of(String source, Every every) {
    return Optional.ofNullable(learnt.get(source))
        .filter(known -> known.every().equals(every))
        .map(Learnt::interval);
  }
}

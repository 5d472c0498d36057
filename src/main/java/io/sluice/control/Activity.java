package io.sluice.control;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When streams last kept something of each source. Any thread: written by the loops of sources,
 * read by those that wait for silence.
 */
final class Activity {
  private static final long NEVER = Long.MIN_VALUE;

  private final Map<String, AtomicLong> last = new ConcurrentHashMap<>();

  /** What to run when something of a source was kept. */
  Runnable of(String source) {
    AtomicLong moment = last.computeIfAbsent(source, first -> new AtomicLong(NEVER));
    return () -> moment.setRelease(System.nanoTime());
  }

  OptionalLong last(String source) {
    AtomicLong moment = last.get(source);
    long nanos = moment == null ? NEVER : moment.getAcquire();
    return nanos == NEVER ? OptionalLong.empty() : OptionalLong.of(nanos);
  }
}

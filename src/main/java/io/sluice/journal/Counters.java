package io.sluice.journal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What a journal counts. Safe to use from all threads. */
final class Counters {
  final LongAdder events = new LongAdder();
  final LongAdder bytes = new LongAdder();
  final LongAdder commits = new LongAdder();
  final LongAdder forces = new LongAdder();
  final LongAdder forceNanos = new LongAdder();
  final LongAdder refused = new LongAdder();
  private final LongAdder lostEvents = new LongAdder();
  private final Set<Damage> damages = ConcurrentHashMap.newKeySet();

  /** Whether it was not known before; several readers meet the same damage. */
  boolean damaged(Damage damage) {
    boolean fresh = damages.add(damage);
    if (fresh && damage.forced()) {
      lostEvents.add(damage.events());
    }
    return fresh;
  }

  long lostEvents() {
    return lostEvents.sum();
  }
}

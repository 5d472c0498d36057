package io.sluice.lease;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** One clock for all hosts, which none of them sees, and what happens by it. Used by one thread. */
final class FakeWorld {
  private final PriorityQueue<Happening> happenings =
      new PriorityQueue<>(
          Comparator.comparingLong(Happening::at).thenComparingLong(Happening::order));

  /** Whether the network is in order. */
  boolean calm;

  private long now;
  private long order;

  private record Happening(long at, long order, Runnable what) {}

  long now() {
    return now;
  }

  void at(long when, Runnable what) {
    happenings.add(new Happening(Math.max(now, when), order++, what));
  }

  void after(Duration wait, Runnable what) {
    at(now + wait.toNanos(), what);
  }

  /** Lets so much time pass. */
  void pass(Duration time) {
    long end = now + time.toNanos();
    while (!happenings.isEmpty() && happenings.element().at() <= end) {
      Happening next = happenings.remove();
      now = next.at();
      next.what().run();
    }
    now = end;
  }
}

package io.sluice.delivery;

import java.time.Duration;
import java.util.PriorityQueue;

/** Time that moves when it is told to. */
final class FakeTimers implements Timers {
  private final PriorityQueue<Due> queue = new PriorityQueue<>();
  private long now = 1_000;
  private long last;

  private record Due(long at, long id, Runnable what) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return at == other.at ? Long.compare(id, other.id) : Long.compare(at, other.at);
    }
  }

  @Override
  public long after(Duration delay, Runnable what) {
    queue.add(new Due(now + delay.toNanos(), ++last, what));
    return last;
  }

  @Override
  public void cancel(long timer) {
    queue.removeIf(due -> due.id() == timer);
  }

  @Override
  public long nanoTime() {
    return now;
  }

  int pending() {
    return queue.size();
  }

  /** When the next timer is due, from now. */
  Duration next() {
    return Duration.ofNanos(queue.element().at() - now);
  }

  void pass(Duration time) {
    long until = now + time.toNanos();
    while (!queue.isEmpty() && queue.peek().at() <= until) {
      runNext();
    }
    now = until;
  }

  void runNext() {
    Due due = queue.remove();
    now = Math.max(now, due.at());
    due.what().run();
  }
}

package io.sluice.source.poll;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;

/** Time that moves when it is told to; the wall clock can also jump. */
final class FakeTime implements Timers {
  private final PriorityQueue<Due> queue = new PriorityQueue<>();
  private Instant wall = Instant.parse("2026-05-01T00:00:00Z");
  private long now = 1_000_000;
  private long last;

  private record Due(long at, long id, Runnable what) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return at == other.at ? Long.compare(id, other.id) : Long.compare(at, other.at);
    }
  }

  @Override
  public long after(Duration delay, Runnable what) {
    queue.add(new Due(now + Math.max(0, delay.toNanos()), ++last, what));
    return last;
  }

  @Override
  public void cancel(long timer) {
    queue.removeIf(due -> due.id() == timer);
  }

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public Instant wall() {
    return wall;
  }

  /** The wall clock is set; monotonic time knows nothing of it. */
  void jump(Duration by) {
    wall = wall.plus(by);
  }

  /** The process stood still: no timer fired meanwhile. */
  void stall(Duration time) {
    move(now + time.toNanos());
  }

  void pass(Duration time) {
    long until = now + time.toNanos();
    while (!queue.isEmpty() && queue.peek().at() <= until) {
      Due due = queue.remove();
      move(Math.max(now, due.at()));
      due.what().run();
    }
    move(until);
  }

  int pending() {
    return queue.size();
  }

  private void move(long to) {
    wall = wall.plusNanos(to - now);
    now = to;
  }
}

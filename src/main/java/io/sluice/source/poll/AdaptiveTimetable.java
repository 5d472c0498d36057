package io.sluice.source.poll;

import io.sluice.connector.Every;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Ticks at an interval that is learnt: halved by a poll that found something, longer by the square
 * root of two after one that did not, doubled when the upstream asks for less or answers slower
 * than it used to. Where one poll in three finds something, these hold each other, and a burst is
 * followed within a few polls.
 */
final class AdaptiveTimetable implements Timetable {
  /** Two of these undo what one find did. */
  private static final double SLOWER = Math.sqrt(2);

  /** How much the latest poll counts for what is usual. */
  private static final double WEIGHT = 0.1;

  /** Slower than usual is worth noticing from here on. */
  private static final Duration NOTICEABLE = Duration.ofMillis(100);

  private final long min;
  private final long max;
  private long interval;
  private long last;
  private double usual = -1;

  /** The first tick is due at once, and the next after the shortest interval. */
  AdaptiveTimetable(Every.Adaptive bounds, long nanos) {
    this(bounds, bounds.min(), nanos);
  }

  /** The first tick is due at once, and the next after an interval that was learnt before. */
  AdaptiveTimetable(Every.Adaptive bounds, Duration learnt, long nanos) {
    this.min = bounds.min().toNanos();
    this.max = bounds.max().toNanos();
    this.interval = learnt.toNanos();
    this.last = nanos - interval;
  }

  @Override
  public long untilDue(long nanos, Instant wall) {
    return last + interval - nanos;
  }

  @Override
  public void ticked(long nanos, Instant wall) {
    last = nanos;
  }

  @Override
  public void learn(Lesson lesson) {
    double factor = lesson.found() ? 0.5 : SLOWER;
    if (lesson.putOff() || strained(lesson.took())) {
      factor = 2;
    }
    interval = Math.min(max, Math.max(min, (long) (interval * factor)));
  }

  private boolean strained(Duration took) {
    double nanos = took.toNanos();
    boolean slow = usual >= 0 && nanos > 2 * usual && took.compareTo(NOTICEABLE) > 0;
    usual = usual < 0 ? nanos : usual + WEIGHT * (nanos - usual);
    return slow;
  }

  @Override
  public Optional<Duration> interval() {
    return Optional.of(Duration.ofNanos(interval));
  }
}

package io.sluice.source.poll;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Ticks at a fixed interval, on the monotonic clock. */
final class FixedTimetable implements Timetable {
  private final Duration interval;
  private long due;

  /** The first tick is due at once. */
  FixedTimetable(Duration interval, long nanos) {
    this.interval = interval;
    this.due = nanos;
  }

  @Override
  public long untilDue(long nanos, Instant wall) {
    return due - nanos;
  }

  @Override
  public void ticked(long nanos, Instant wall) {
    long every = interval.toNanos();
    long late = Math.max(0, nanos - due);
    due += every * (1 + late / every);
  }

  @Override
  public Optional<Duration> interval() {
    return Optional.of(interval);
  }
}

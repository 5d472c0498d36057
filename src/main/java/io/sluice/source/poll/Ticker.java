package io.sluice.source.poll;

import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** Ticks by a timetable, each put off a little at random. Confined to one event loop. */
final class Ticker {
  /** The wall clock is looked at again at least this often. */
  private static final Duration LOOK = Duration.ofMinutes(1);

  private final Timetable timetable;
  private final Optional<Duration> jitter;
  private final Timers timers;
  private final DoubleSupplier random;
  private final Runnable tick;
  private @Nullable Long timer;
  private boolean started;
  private long off;

  /**
   * Not begun.
   *
   * @param jitter the most a tick is put off; the timetable's own where the operator did not say
   */
  Ticker(
      Timetable timetable,
      Optional<Duration> jitter,
      Timers timers,
      DoubleSupplier random,
      Runnable tick) {
    this.timetable = timetable;
    this.jitter = jitter;
    this.timers = timers;
    this.random = random;
    this.tick = tick;
  }

  void start() {
    started = true;
    putOff();
    arm();
  }

  void stop() {
    started = false;
    if (timer != null) {
      timers.cancel(timer);
      timer = null;
    }
  }

  /** What a poll taught may bring the next tick forward or put it off. */
  void learn(Timetable.Lesson lesson) {
    timetable.learn(lesson);
    if (started) {
      arm();
    }
  }

  Optional<Duration> interval() {
    return timetable.interval();
  }

  /** Until the next tick, as it looks now. */
  Duration next() {
    return Duration.ofNanos(Math.max(0, timetable.untilDue(timers.nanos(), timers.wall()) + off));
  }

  private void putOff() {
    off = (long) (jitter.orElseGet(timetable::spread).toNanos() * random.getAsDouble());
  }

  private void arm() {
    if (timer != null) {
      timers.cancel(timer);
    }
    Duration wait = next();
    timer = timers.after(wait.compareTo(LOOK) > 0 ? LOOK : wait, this::fired);
  }

  private void fired() {
    timer = null;
    if (!next().isZero()) {
      arm();
      return;
    }
    timetable.ticked(timers.nanos(), timers.wall());
    putOff();
    arm();
    tick.run();
  }
}

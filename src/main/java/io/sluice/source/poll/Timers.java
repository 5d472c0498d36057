package io.sluice.source.poll;

import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Time as the engine sees it. Confined to one event loop. */
interface Timers {
  /**
   * Runs {@code what} once, later, on the event loop.
   *
   * @param delay rounded up to whole milliseconds, at least one
   * @return what {@link #cancel} takes
   */
  long after(Duration delay, Runnable what);

  /** Forgets a timer; does nothing when it ran. */
  void cancel(long timer);

  /** Nanoseconds since some moment, never going back. */
  long nanos();

  /** The wall clock, which may jump. */
  Instant wall();

  /** The real ones. */
  static Timers of(Vertx vertx, Clock clock) {
    return new Timers() {
      @Override
      public long after(Duration delay, Runnable what) {
        long millis = Math.max(1, delay.plusNanos(999_999).toMillis());
        return vertx.setTimer(millis, fired -> what.run());
      }

      @Override
      public void cancel(long timer) {
        vertx.cancelTimer(timer);
      }

      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public Instant wall() {
        return clock.instant();
      }
    };
  }
}

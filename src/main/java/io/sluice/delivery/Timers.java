package io.sluice.delivery;

import io.vertx.core.Vertx;
import java.time.Duration;

/** Time as the decorators see it. Confined to one event loop. */
public interface Timers {
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
  long nanoTime();

  /** The real ones. */
  static Timers of(Vertx vertx) {
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
      public long nanoTime() {
        return System.nanoTime();
      }
    };
  }
}

package io.sluice.source.poll;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When ticks are due. Confined to the event loop of its source. */
interface Timetable {
  /**
   * Nanoseconds until the next tick; zero or less when it is due.
   *
   * @param nanos the monotonic clock
   * @param wall the wall clock
   */
  long untilDue(long nanos, Instant wall);

  /** A tick came: the next one is the first that is still to come, however late this one is. */
  void ticked(long nanos, Instant wall);

  /** A poll that succeeded, or that its upstream put off, is over. */
  default void learn(Lesson lesson) {}

  /** The time between ticks, where it does not depend on the calendar. */
  Optional<Duration> interval();

  /** The most that a tick is put off unless the operator said otherwise. */
  default Duration spread() {
    return interval().orElse(Duration.ZERO).dividedBy(10);
  }

  /**
   * What a poll taught.
   *
   * @param found whether there was something new
   * @param putOff whether the upstream wants to be asked less often
   * @param took from its beginning to its end
   */
  record Lesson(boolean found, boolean putOff, Duration took) {}
}

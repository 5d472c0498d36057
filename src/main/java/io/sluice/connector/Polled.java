package io.sluice.connector;

import java.time.Duration;

/**
 * What a poll that succeeded came to, beside the events it put.
 *
 * @param step what else changes in the cursor, once all its events are kept
 * @param more whether the upstream has more at this moment, so that it is worth asking at once
 * @param pause how long the upstream wants to be left alone; zero when it did not say
 */
public record Polled(Step step, boolean more, Duration pause) {
  /** All there was. */
  public static Polled all(Step step) {
    return new Polled(step, false, Duration.ZERO);
  }

  /** There is more. */
  public static Polled more(Step step) {
    return new Polled(step, true, Duration.ZERO);
  }

  public Polled pausing(Duration pause) {
    return new Polled(step, more, pause);
  }
}

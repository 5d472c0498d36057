package io.sluice.connector;

import java.time.Duration;

/** A request's turn at a host. Ends once. */
@FunctionalInterface
public interface Turn {
  /**
   * The request is over, well or not.
   *
   * @param bytes how much the host sent
   * @param pause how long it wants to be left alone by everyone; zero when it did not say
   */
  void over(long bytes, Duration pause);
}

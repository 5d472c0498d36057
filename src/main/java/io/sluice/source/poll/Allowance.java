package io.sluice.source.poll;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * At most so many requests within any hour. Confined to the event loop of its source; begins anew
 * with the process.
 */
final class Allowance {
  private static final long HOUR = Duration.ofHours(1).toNanos();

  private final int most;
  private final Deque<Long> made = new ArrayDeque<>();

  Allowance(int most) {
    this.most = most;
  }

  /** How long until the next request is allowed; zero when it is now. */
  Duration untilAllowed(long nanos) {
    while (!made.isEmpty() && nanos - made.peekFirst() >= HOUR) {
      made.removeFirst();
    }
    Long oldest = made.peekFirst();
    return made.size() < most || oldest == null
        ? Duration.ZERO
        : Duration.ofNanos(oldest + HOUR - nanos);
  }

  /** A request is made. */
  void made(long nanos) {
    made.addLast(nanos);
  }
}

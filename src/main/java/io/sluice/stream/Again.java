package io.sluice.stream;

import io.vertx.core.Vertx;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Tries something again until it works, less and less often: after 50 ms at first, after a second
 * at last, somewhat at random. Confined to one event loop.
 */
final class Again {
  private static final long FIRST_MILLIS = 50;
  private static final long LAST_MILLIS = 1_000;

  private final Vertx vertx;
  private int failures;

  Again(Vertx vertx) {
    this.vertx = vertx;
  }

  /** It did not work. */
  void later(Runnable what) {
    long most = Math.min(LAST_MILLIS, FIRST_MILLIS << Math.min(failures, 10));
    failures++;
    vertx.setTimer(
        most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1), now -> what.run());
  }

  /** It worked. */
  void well() {
    failures = 0;
  }

  /** Whether it did not work the last time. */
  boolean failing() {
    return failures > 0;
  }
}

package io.sluice.stream;

import io.vertx.core.Vertx;
import java.util.concurrent.ThreadLocalRandom;

/** Has what is over forgotten, now and then, a part at a time. Confined to one event loop. */
final class Tidying {
  private static final long PAUSE_MILLIS = 60_000;
  private static final long BETWEEN_MILLIS = 50;

  private final Vertx vertx;
  private final Arbiter arbiter;
  private boolean ended;

  Tidying(Vertx vertx, Arbiter arbiter) {
    this.vertx = vertx;
    this.arbiter = arbiter;
  }

  void begin() {
    // Replicas that start together are not to do it together.
    next(PAUSE_MILLIS / 2 + ThreadLocalRandom.current().nextLong(PAUSE_MILLIS));
  }

  private void next(long millis) {
    vertx.setTimer(millis, now -> tidy());
  }

  private void tidy() {
    if (!ended) {
      arbiter
          .tidy()
          .onComplete(
              done -> next(done.succeeded() && done.result() ? BETWEEN_MILLIS : PAUSE_MILLIS));
    }
  }

  void end() {
    ended = true;
  }
}

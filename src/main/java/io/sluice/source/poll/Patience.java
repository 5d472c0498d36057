package io.sluice.source.poll;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;

/** Waiting that has an end. */
final class Patience {
  private Patience() {}

  /** Completes with {@code work} or after so long; never fails. */
  static Future<Void> of(Timers timers, Duration most, Future<Void> work) {
    Promise<Void> over = Promise.promise();
    long timer = timers.after(most, over::tryComplete);
    work.onComplete(
        done -> {
          timers.cancel(timer);
          over.tryComplete();
        });
    return over.future();
  }
}

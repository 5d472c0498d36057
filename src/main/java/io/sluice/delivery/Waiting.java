package io.sluice.delivery;

import io.sluice.event.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** A delivery whose parts travel with others. Confined to the event loop. */
final class Waiting {
  private final Promise<Outcome> answer = Promise.promise();
  private Outcome worst = Outcome.stored();
  private int parts;

  void expectOne() {
    parts++;
  }

  /** One part has its outcome; with the last one the delivery has. */
  void settleOne(Outcome outcome) {
    worst = worst.and(outcome);
    parts--;
    if (parts == 0) {
      answer.complete(worst);
    }
  }

  Future<Outcome> answer() {
    return answer.future();
  }
}

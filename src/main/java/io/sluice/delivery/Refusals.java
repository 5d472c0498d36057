package io.sluice.delivery;

import io.sluice.connector.DeadLetters;
import io.sluice.delivery.SinkSettings.OnRefused;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** Ends refusals as the operator wants. Confined to the event loop that calls it. */
final class Refusals {
  private final OnRefused policy;
  private final DeadLetters deadLetters;
  private final SinkTelemetry telemetry;

  Refusals(OnRefused policy, DeadLetters deadLetters, SinkTelemetry telemetry) {
    this.policy = policy;
    this.deadLetters = deadLetters;
    this.telemetry = telemetry;
  }

  /**
   * Deals with events that are never delivered.
   *
   * @return stored when they count as done; retry when they cannot be kept aside now; nothing ever
   *     when the sink is to halt
   */
  Future<Outcome> settle(Delivery delivery, String why) {
    return switch (policy) {
      case DROP -> {
        telemetry.dropped(delivery, why);
        yield Future.succeededFuture(Outcome.stored());
      }
      case DEAD_LETTER ->
          deadLetters
              .keep(delivery, why)
              .map(
                  kept -> {
                    telemetry.deadLetter(delivery, why);
                    return Outcome.stored();
                  })
              .otherwise(
                  failure -> {
                    telemetry.standing(delivery, String.valueOf(failure.getMessage()));
                    return Outcome.retry("the dead letter cannot be kept: " + failure.getMessage());
                  });
      case HALT -> {
        telemetry.halted(delivery, why);
        yield Promise.<Outcome>promise().future();
      }
    };
  }
}

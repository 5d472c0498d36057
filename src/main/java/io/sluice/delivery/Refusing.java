package io.sluice.delivery;

import io.sluice.connector.DeadLetters;
import io.sluice.connector.Sink;
import io.sluice.delivery.SinkSettings.OnRefused;
import io.sluice.event.Batch;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A sink whose refusals end as the operator wants. A refused delivery is halved and tried again
 * until the events that are refused stand alone, so that a poisoned one costs only itself. Confined
 * to the event loop that calls it.
 */
final class Refusing implements Sink {
  private final Sink inner;
  private final OnRefused policy;
  private final DeadLetters deadLetters;
  private final SinkTelemetry telemetry;

  Refusing(Sink inner, OnRefused policy, DeadLetters deadLetters, SinkTelemetry telemetry) {
    this.inner = inner;
    this.policy = policy;
    this.deadLetters = deadLetters;
    this.telemetry = telemetry;
  }

  @Override
  public Future<Map<String, Position>> open() {
    return inner.open();
  }

  @Override
  public Future<Outcome> deliver(Delivery delivery) {
    return inner
        .deliver(delivery)
        .compose(
            outcome ->
                outcome instanceof Outcome.Refused refused
                    ? refused(delivery, refused)
                    : Future.succeededFuture(outcome));
  }

  private Future<Outcome> refused(Delivery delivery, Outcome.Refused refused) {
    int events = delivery.events();
    if (events > 1) {
      Delivery first = part(delivery, 0, events / 2);
      Delivery second = part(delivery, events / 2, events);
      // order is kept: what comes behind a part that is not settled waits
      return deliver(first)
          .compose(
              one -> one instanceof Outcome.Stored ? deliver(second) : Future.succeededFuture(one));
    }
    return switch (policy) {
      case DROP -> {
        telemetry.dropped(delivery, refused.why());
        yield Future.succeededFuture(Outcome.stored());
      }
      case DEAD_LETTER ->
          deadLetters
              .keep(delivery, refused.why())
              .map(
                  kept -> {
                    telemetry.deadLetter(delivery, refused.why());
                    return Outcome.stored();
                  })
              .otherwise(
                  failure ->
                      Outcome.retry("the dead letter cannot be kept: " + failure.getMessage()));
      case HALT -> {
        telemetry.halted(delivery, refused.why());
        yield Promise.<Outcome>promise().future();
      }
    };
  }

  /** The events from {@code from} to {@code to} of a delivery, counted within it. */
  private static Delivery part(Delivery delivery, int from, int to) {
    List<Batch> batches = new ArrayList<>();
    int at = 0;
    for (Batch batch : delivery.batches()) {
      int start = Math.max(from - at, 0);
      int end = Math.min(to - at, batch.size());
      if (start < end) {
        batches.add(batch.slice(start, end));
      }
      at += batch.size();
    }
    return new Delivery(delivery.stream(), delivery.first().plus(from), batches);
  }

  @Override
  public Future<Void> close() {
    return inner.close();
  }
}

package io.sluice.delivery;

import io.sluice.connector.Sink;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Map;

/**
 * A sink that answers in time: an attempt without an answer counts as retry. It may still succeed,
 * so what is tried again may arrive twice. Confined to the event loop that calls it.
 */
public final class TimeLimited implements Sink {
  private final Sink inner;
  private final Duration limit;
  private final Timers timers;
  private final DeliveryTelemetry telemetry;

  public TimeLimited(Sink inner, Duration limit, Timers timers, DeliveryTelemetry telemetry) {
    this.inner = inner;
    this.limit = limit;
    this.timers = timers;
    this.telemetry = telemetry;
  }

  @Override
  public Future<Map<String, Position>> open() {
    return inner.open();
  }

  @Override
  public Future<Outcome> deliver(Delivery delivery) {
    Future<Outcome> attempt = inner.deliver(delivery);
    if (attempt.isComplete()) {
      return attempt;
    }
    Promise<Outcome> answer = Promise.promise();
    long timer =
        timers.after(
            limit, () -> answer.tryComplete(Outcome.retry("no answer within " + Words.of(limit))));
    attempt.onSuccess(
        outcome -> {
          timers.cancel(timer);
          if (!answer.tryComplete(outcome)) {
            telemetry.late();
          }
        });
    return answer.future();
  }

  @Override
  public Future<Void> close() {
    return inner.close();
  }
}

package io.sluice.delivery;

import io.sluice.connector.Sink;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.vertx.core.Future;
import java.util.Map;

/** A sink whose attempts are measured. Confined to the event loop that calls it. */
public final class Instrumented implements Sink {
  private final Sink inner;
  private final Timers timers;
  private final DeliveryTelemetry telemetry;

  public Instrumented(Sink inner, Timers timers, DeliveryTelemetry telemetry) {
    this.inner = inner;
    this.timers = timers;
    this.telemetry = telemetry;
  }

  @Override
  public Future<Map<String, Position>> open() {
    return inner.open();
  }

  @Override
  public Future<Outcome> deliver(Delivery delivery) {
    long begun = timers.nanoTime();
    return inner
        .deliver(delivery)
        .onSuccess(outcome -> telemetry.attempted(delivery, outcome, timers.nanoTime() - begun));
  }

  @Override
  public Future<Void> close() {
    return inner.close();
  }
}

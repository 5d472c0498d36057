package io.sluice.delivery;

import io.sluice.connector.Sink;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.sluice.flow.Intake;
import io.sluice.flow.Parcel;
import io.sluice.flow.SinkDoor;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One sink: grants credit to the streams that feed it, and passes what they send through the
 * decorators to the connector.
 *
 * <p>A destination that cannot be opened does not keep the gateway from starting: the sink tries
 * again, and until then its streams keep everything.
 */
final class SinkVerticle extends VerticleBase {
  /**
   * What the sink and its streams have in memory between them. Bytes; more than the largest event
   * may weigh.
   */
  static final long BUDGET = 64L << 20;

  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LAST = Duration.ofSeconds(30);

  private final String name;
  private final Sink sink;
  private final SinkTelemetry telemetry;
  private @Nullable Intake<Delivery, Outcome> intake;
  private @Nullable MessageConsumer<?> door;
  private boolean stopped;

  SinkVerticle(String name, Sink sink, SinkTelemetry telemetry) {
    this.name = name;
    this.sink = sink;
    this.telemetry = telemetry;
  }

  @Override
  public Future<?> start() {
    open(FIRST);
    return Future.succeededFuture();
  }

  private void open(Duration again) {
    sink.open()
        .onSuccess(this::opened)
        .onFailure(
            failure -> {
              telemetry.cannotOpen(String.valueOf(failure.getMessage()));
              vertx.setTimer(
                  again.toMillis(),
                  retry -> {
                    if (!stopped) {
                      Duration twice = again.multipliedBy(2);
                      open(twice.compareTo(LAST) < 0 ? twice : LAST);
                    }
                  });
            });
  }

  private void opened(Map<String, Position> held) {
    if (stopped) {
      return;
    }
    telemetry.open();
    door = SinkDoor.answer(vertx, name, held);
    intake = Intake.open(vertx, SinkDoor.address(name), BUDGET, this::take);
  }

  private void take(Parcel<Delivery, Outcome> parcel) {
    sink.deliver(parcel.content()).onSuccess(parcel::settle);
  }

  /** Takes nothing more, finishes what it has, lets go. */
  @Override
  public Future<?> stop() {
    stopped = true;
    Future<Void> closed = Future.succeededFuture();
    if (door != null) {
      closed = closed.eventually(door::unregister);
    }
    if (intake != null) {
      closed = closed.eventually(intake::close);
    }
    return closed.eventually(sink::close);
  }
}

package io.sluice.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.connector.DeadLetters;
import io.sluice.connector.Sink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A sink that can be started and stopped, with everything around it that is the gateway's. Safe for
 * every thread.
 */
public final class RunningSink {
  private final Vertx vertx;
  private final String name;
  private final SinkTelemetry telemetry;
  private final SinkVerticle verticle;
  private volatile @Nullable String deployment;

  /**
   * A sink that does not run yet, around the connector's own.
   *
   * @param inFlight how many deliveries may be under way where the settings do not say
   * @param timeLimit how long one attempt may take, where there is a limit
   */
  public RunningSink(
      Vertx vertx,
      String name,
      SinkSettings settings,
      Sink connector,
      int inFlight,
      Optional<Duration> timeLimit,
      DeadLetters deadLetters,
      MeterRegistry meters,
      Clock clock) {
    this.vertx = vertx;
    this.name = name;
    this.telemetry = new SinkTelemetry(name, meters);
    DeliveryTelemetry deliveries = new DeliveryTelemetry(name, meters, clock);
    Timers timers = Timers.of(vertx);
    Sink limited =
        timeLimit
            .<Sink>map(limit -> new TimeLimited(connector, limit, timers, deliveries))
            .orElse(connector);
    Sink measured = new Instrumented(limited, timers, deliveries);
    Sink trying =
        new Retrying(
            measured,
            settings.retry(),
            timers,
            new SplittableRandom(),
            new Refusals(settings.onRefused(), deadLetters, telemetry),
            deliveries);
    Sink batching =
        new Batching(trying, settings.batch(), settings.inFlight().orElse(inFlight), timers);
    this.verticle = new SinkVerticle(name, batching, telemetry);
  }

  public String name() {
    return name;
  }

  /**
   * One word and, where there is one, the reason: {@code open}, {@code cannot open: …}, {@code
   * halted: …}.
   */
  public String state() {
    return telemetry.state();
  }

  public Future<Void> start() {
    return vertx.deployVerticle(verticle).onSuccess(id -> deployment = id).mapEmpty();
  }

  /** Finishes what it has, and lets go. */
  public Future<Void> stop() {
    String id = deployment;
    deployment = null;
    return id == null ? Future.succeededFuture() : vertx.undeploy(id);
  }
}

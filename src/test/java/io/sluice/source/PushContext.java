package io.sluice.source;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.connector.Inlet;
import io.sluice.connector.LeaseStore;
import io.sluice.connector.SourceContext;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Surroundings of a push source.
 *
 * @param inlets opens what it puts into
 */
public record PushContext(
    String name,
    Vertx vertx,
    MeterRegistry meters,
    Clock clock,
    Duration drain,
    Function<Vertx, Inlet> inlets)
    implements SourceContext {
  @Override
  public Inlet openInlet() {
    return inlets.apply(vertx);
  }

  @Override
  public LeaseStore leases() {
    throw new UnsupportedOperationException("a push source reads no upstream");
  }

  @Override
  public OptionalLong lastKept(String source) {
    return OptionalLong.empty();
  }
}

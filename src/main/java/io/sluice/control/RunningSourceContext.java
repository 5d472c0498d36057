package io.sluice.control;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.connector.Inlet;
import io.sluice.connector.LeaseStore;
import io.sluice.connector.SourceContext;
import io.sluice.flow.Inlets;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;

/** What a source of the running gateway is given. */
record RunningSourceContext(
    String name,
    String stream,
    Inlets inlets,
    Vertx vertx,
    MeterRegistry meters,
    Clock clock,
    Duration drain,
    LeaseStore leases,
    Activity activity)
    implements SourceContext {

  @Override
  public Inlet openInlet() {
    return inlets.open(stream, activity.of(name));
  }

  @Override
  public OptionalLong lastKept(String source) {
    return activity.last(source);
  }
}

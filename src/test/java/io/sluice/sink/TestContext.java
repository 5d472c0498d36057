package io.sluice.sink;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.connector.SinkContext;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;

/** Surroundings of a sink under test. */
public record TestContext(String name, Vertx vertx, MeterRegistry meters, Clock clock, Path memory)
    implements SinkContext {
  public TestContext(Vertx vertx, Path memory) {
    this("archive", vertx, new SimpleMeterRegistry(), Clock.systemUTC(), memory);
  }
}

package io.sluice.control;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.connector.SinkContext;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;

/** What a sink of the running gateway is given. */
record RunningSinkContext(String name, Vertx vertx, MeterRegistry meters, Clock clock, Path memory)
    implements SinkContext {}

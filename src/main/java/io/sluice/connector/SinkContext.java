package io.sluice.connector;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;

/** What a sink is given by its surroundings. */
public interface SinkContext {
  /** The sink's name in the configuration. */
  String name();

  Vertx vertx();

  MeterRegistry meters();

  Clock clock();

  /**
   * A directory of the sink's own under the data directory, for what it must remember; may not
   * exist yet.
   */
  Path memory();
}

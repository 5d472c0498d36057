package io.sluice.connector;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;

/** What a source is given by its surroundings. */
public interface SourceContext {
  /** The source's name in the configuration. */
  String name();

  Vertx vertx();

  MeterRegistry meters();

  Clock clock();

  /** How long a stop may wait for what was begun. */
  Duration drain();

  /**
   * A new way into the source's stream, owned by the event loop that calls.
   *
   * @throws IllegalStateException when not called on an event loop
   */
  Inlet openInlet();
}

package io.sluice.connector;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;

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

  /** Where it keeps how far it has read an upstream. */
  LeaseStore leases();

  /**
   * When a stream last kept an event of a source of this gateway. Any thread; cheap.
   *
   * @param source a name in the configuration
   * @return as {@link System#nanoTime()}; empty when there was none since the gateway was made
   */
  OptionalLong lastKept(String source);
}

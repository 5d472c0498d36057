package io.sluice.connector;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Tells of one kind of sink, and makes it.
 *
 * @param <C> the record its settings are read into
 */
public interface SinkFactory<C extends Record> {
  /** The {@code type} in the configuration. */
  String type();

  Class<C> configType();

  /** What such a sink must own alone. */
  Set<Claim> claims(C config);

  /** Makes the sink, without touching anything outside; {@link Sink#open} does. */
  Sink create(C config, SinkContext context);

  /**
   * How long one attempt may take before it counts as failed, for destinations that may never
   * answer. It can still succeed then, so a sink that is exactly once has none.
   */
  default Optional<Duration> timeLimit() {
    return Optional.empty();
  }
}

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

  /**
   * How many deliveries may be under way at once where the configuration does not say. More than
   * one is for a sink that keeps the order all the same: once it has failed or refused a delivery,
   * it answers <em>retry</em> to those handed over behind it before that was known.
   */
  default int inFlight() {
    return 1;
  }
}

package io.sluice.connector;

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
}

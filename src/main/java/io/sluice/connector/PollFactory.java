package io.sluice.connector;

import java.util.Set;

/**
 * Tells of one kind of pull source, and makes it.
 *
 * @param <C> the record its settings are read into, those of every pull source among them
 */
public interface PollFactory<C extends Record> {
  /** The {@code type} in the configuration. */
  String type();

  Class<C> configType();

  /** The settings that every pull source has. */
  PollSettings polling(C config);

  /** What such a source must own alone. */
  default Set<Claim> claims(C config) {
    return Set.of();
  }

  /** Looks at the things that the settings name, as far as that changes nothing. Blocks. */
  default void inspect(C config, Findings findings) {}

  /** Makes the poll, without touching anything outside; {@link Poll#poll} does. */
  Poll create(C config, PollContext context);
}

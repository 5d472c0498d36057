package io.sluice.connector;

import java.util.Optional;
import java.util.Set;

/**
 * Tells of one kind of source, and makes it.
 *
 * @param <C> the record its settings are read into
 */
public interface SourceFactory<C extends Record> {
  /** The {@code type} in the configuration. */
  String type();

  Class<C> configType();

  /** What such a source must own alone. */
  Set<Claim> claims(C config);

  /** Looks at the things that the settings name, as far as that changes nothing. Blocks. */
  default void inspect(C config, Findings findings) {}

  /** Whether such a source takes the initiative, instead of its clients. */
  default boolean pulls() {
    return false;
  }

  /** When such a source takes the initiative; empty for one that does not. */
  default Optional<Every> every(C config) {
    return Optional.empty();
  }

  /** The push source it goes by. */
  default Optional<Counterpart> counterpart(C config) {
    return Optional.empty();
  }

  /**
   * Whether a source of the one settings can be started while one of the other still runs in its
   * place. It takes whoever comes from then on, and the old one keeps whom it has.
   */
  default boolean takesOver(C before, C now) {
    return false;
  }

  /** Makes the source, without touching anything outside; {@link Source#start} does. */
  Source create(C config, SourceContext context);
}

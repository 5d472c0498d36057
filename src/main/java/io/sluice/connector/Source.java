package io.sluice.connector;

import io.vertx.core.Future;
import java.util.Optional;

/** A source that can run. */
public interface Source {
  /** Takes events from now on. A start that fails leaves nothing behind. */
  Future<Void> start();

  /**
   * Stops taking, lets the taken reach its receipt, then lets go. Legal twice and before start.
   *
   * @return completes when every request that was begun is answered, or the time given to the
   *     context ran out
   */
  Future<Void> stop();

  /** The way to tell it when to ask; empty where clients take the initiative. */
  default Optional<Steering> steering() {
    return Optional.empty();
  }
}

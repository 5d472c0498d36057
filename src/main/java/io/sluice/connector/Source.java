package io.sluice.connector;

import io.vertx.core.Future;

/** A push source that can run. */
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
}

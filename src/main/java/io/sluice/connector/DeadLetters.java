package io.sluice.connector;

import io.sluice.event.Delivery;
import io.vertx.core.Future;

/**
 * Keeps events that a sink can never deliver. Called on the sink's event loop, where the future
 * completes.
 */
@FunctionalInterface
public interface DeadLetters {
  /**
   * Keeps a delivery with the reason.
   *
   * @return completes when it is kept durably; fails when it cannot be, and then nothing was
   *     promised
   */
  Future<Void> keep(Delivery delivery, String why);
}

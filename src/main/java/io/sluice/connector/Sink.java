package io.sluice.connector;

import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.vertx.core.Future;
import java.util.Map;

/**
 * A destination. Everything around it (order, batching, retry, time limits, dead letters, metrics)
 * is the gateway's and written once; a connector speaks its protocol and says what came of it.
 *
 * <p>All methods are called on one event loop, and their futures complete there. {@code deliver}
 * may be called again before an earlier call has completed, up to the sink's {@code inFlight};
 * calls arrive in order of position for each stream.
 */
public interface Sink {
  /**
   * Makes ready.
   *
   * @return the positions the destination itself holds, by stream: what lies before them is never
   *     delivered again. A sink that answers for a stream here keeps that position together with
   *     the data and is exactly once; one that does not is at least once, and the gateway keeps its
   *     position. Fails when the destination cannot be used at all
   */
  Future<Map<String, Position>> open();

  /** One attempt. The future never fails: the outcome says it all. */
  Future<Outcome> deliver(Delivery delivery);

  /** Finishes what was begun and lets go. Legal before {@code open} and twice. */
  Future<Void> close();
}

package io.sluice.net;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** One route on one event loop. */
public interface Endpoint {
  /**
   * Takes a request whose head is in order as far as HTTP goes. Nothing of its body has been read;
   * handlers are to be set, or the request paused, before this returns.
   */
  void handle(HttpServerRequest request);

  /**
   * Refuses what comes from now on.
   *
   * @return completes when all that was taken before is answered
   */
  Future<Void> drain();

  /** Lets go of whatever is left. */
  Future<Void> close();
}

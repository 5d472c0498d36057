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
   * Whether this endpoint speaks the protocol that a request wants to change to. A request for one
   * that no endpoint of its path speaks is answered 404.
   *
   * @param protocol the {@code Upgrade} header
   */
  default boolean speaks(String protocol) {
    return false;
  }

  /**
   * Takes a request to change to a protocol this endpoint {@link #speaks}. As with {@link #handle},
   * it is to be answered; {@link Upgrade#accept} is one answer.
   */
  default void upgrade(Upgrade upgrade) {
    throw new UnsupportedOperationException("speaks no other protocol");
  }

  /**
   * Refuses what comes from now on.
   *
   * @return completes when all that was taken before is answered
   */
  Future<Void> drain();

  /**
   * Another endpoint takes what comes from now on.
   *
   * @return completes when nobody is left that was taken before, however long they stay
   */
  default Future<Void> retire() {
    return drain();
  }

  /** Lets go of whatever is left. */
  Future<Void> close();
}

package io.sluice.net;

import io.vertx.core.Future;

/** A source's share of a TCP listener on one event loop, and confined to it. */
public interface TcpEndpoint {
  /** Takes a connection, whose reading begins when this returns. */
  TcpPeer connected(TcpConnection connection);

  /**
   * Lets connections end that were begun.
   *
   * @return completes when all are closed
   */
  Future<Void> drain();

  /**
   * Another endpoint takes the connections that come from now on.
   *
   * @return completes when those it has are closed, however long they stay
   */
  Future<Void> retire();

  /** Lets go of whatever is left. */
  Future<Void> close();
}

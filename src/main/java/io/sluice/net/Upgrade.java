package io.sluice.net;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;

/**
 * A request of HTTP/1.1 to change the protocol of its connection (RFC 9110 section 7.8). Confined
 * to the connection's event loop.
 */
public final class Upgrade {
  private final HttpServerRequest request;
  private final Runnable gone;

  /**
   * @param gone what the listener does when the connection is closed
   */
  Upgrade(HttpServerRequest request, Runnable gone) {
    this.request = request;
    this.gone = gone;
  }

  /** The request, whose head is in order as far as HTTP goes. */
  public HttpServerRequest request() {
    return request;
  }

  /**
   * Answers 101 with the headers its response has by now; the connection's bytes are the caller's
   * from then on. It still counts as one of the listener's connections, and is closed when nothing
   * came or went for the listener's idle timeout.
   *
   * @param closed called once when it is closed; the socket's own close handler is taken
   * @return the socket, with handlers to be set at once
   */
  public Future<NetSocket> accept(Runnable closed) {
    return request
        .toNetSocket()
        .onSuccess(
            socket ->
                socket.closeHandler(
                    over -> {
                      gone.run();
                      closed.run();
                    }));
  }
}

package io.sluice.net;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import java.util.function.Function;

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
   * from then on. Those a client sent with its request, without waiting for the answer as RFC 6455
   * section 4.1 demands, Vert.x drops. It still counts as one of the listener's connections, and is
   * closed when nothing came or went for the listener's idle timeout.
   *
   * @param opened given the socket, whose handlers it sets at once, but for the close handler;
   *     gives what is to be done when the socket is closed
   * @return fails when the connection broke before
   */
  public Future<?> accept(Function<NetSocket, Runnable> opened) {
    return request
        .toNetSocket()
        .onSuccess(
            socket -> {
              Runnable closed = opened.apply(socket);
              socket.closeHandler(
                  over -> {
                    gone.run();
                    closed.run();
                  });
            });
  }
}

package io.sluice.cli.send;

import io.sluice.cli.target.Target;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Random;

/**
 * Sends chunks over one protocol, each until it is answered for good or its time is over. Confined
 * to the event loop of the context it is called on.
 */
public interface Sender {
  /**
   * A sender to an address.
   *
   * @param headers sent with every request or handshake
   * @param connections requests on the way at once; more wait. WebSocket and TCP have one
   *     connection
   * @param retryFor how long a chunk may be tried again, over HTTP since its first attempt, over
   *     WebSocket and TCP since the last receipt
   * @param firstReceipt how long a TCP server may take for it, once everything was sent, until it
   *     counts as one that gives none
   */
  static Sender to(
      Vertx vertx,
      Target to,
      MultiMap headers,
      int connections,
      Duration retryFor,
      Duration firstReceipt) {
    return switch (to.protocol()) {
      case HTTP -> new HttpSender(vertx, to, headers, connections, retryFor);
      case WEBSOCKET -> new WebSocketSender(vertx, to, headers, retryFor);
      case TCP -> new TcpSender(vertx, to, retryFor, firstReceipt);
    };
  }

  /** Sends a chunk. The future never fails: the result says it all. */
  Future<Result> send(Chunk chunk);

  /** Lets go of the connections. */
  void close();

  /**
   * Full jitter: anything up to 100 ms, doubled with each attempt up to 10 s, after what the server
   * asked for.
   */
  static long delayMillis(Random jitter, int attempt, Duration asked) {
    long bound = Math.min(10_000, 100L << Math.min(attempt, 20));
    return asked.toMillis() + 1 + (long) (jitter.nextDouble() * bound);
  }
}

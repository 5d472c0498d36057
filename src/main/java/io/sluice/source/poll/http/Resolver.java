package io.sluice.source.poll.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.util.List;

/** Looks up the addresses of hosts. */
@FunctionalInterface
interface Resolver {
  /** All addresses of a name, or the one that it is; fails when there is none. */
  Future<List<InetAddress>> lookUp(String host);

  /** As this machine does it. It may block, so it runs on a worker. */
  static Resolver of(Vertx vertx) {
    return host -> vertx.executeBlocking(() -> List.of(InetAddress.getAllByName(host)), false);
  }
}

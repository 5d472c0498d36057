package io.sluice.net;

import io.sluice.config.HostPort;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A source's share of a TCP address. Methods may be called on any thread. */
public final class TcpMount {
  private final TcpBound bound;
  private final Supplier<Future<Void>> letGo;

  /** Its endpoints, once another one has taken its place. */
  private volatile @Nullable List<TcpEndpoint> replaced;

  TcpMount(TcpBound bound, Supplier<Future<Void>> letGo) {
    this.bound = bound;
    this.letGo = letGo;
  }

  /** The address with the port that is really listened on. */
  public HostPort address() {
    return bound.address();
  }

  void replaced(List<TcpEndpoint> endpoints) {
    replaced = endpoints;
  }

  /**
   * Waits for the connections that were there when another one took its place.
   *
   * @return completes when they are all closed; at once when it still has its place
   */
  public Future<Void> retire() {
    List<TcpEndpoint> own = replaced;
    return own == null ? Future.succeededFuture() : bound.retire(own);
  }

  /**
   * Ends its connections; and, unless another one has its place, takes no new ones and lets go of
   * the address.
   */
  public Future<Void> unmount() {
    List<TcpEndpoint> own = replaced;
    return own == null ? letGo.get() : bound.end(own);
  }
}

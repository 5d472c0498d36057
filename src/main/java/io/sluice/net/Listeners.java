package io.sluice.net;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.config.HostPort;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The addresses that are listened on, shared by the sources that name them: bound with the first
 * route, let go with the last.
 *
 * <p>Methods may be called on any thread; the state belongs to one event loop, on which changes
 * happen one after the other.
 */
public final class Listeners {
  private final Vertx vertx;
  private final MeterRegistry meters;
  private final int loops;
  private final Context home;
  private final Map<HostPort, Bound> bound = new HashMap<>();
  private final Map<HostPort, Tcp> tcp = new HashMap<>();
  private Future<?> last = Future.succeededFuture();

  /** A TCP address that is listened on. */
  private record Tcp(TcpBound bound, String deployment) {}

  /**
   * @param loops how many event loops serve each address
   */
  public Listeners(Vertx vertx, MeterRegistry meters, int loops) {
    this.vertx = vertx;
    this.meters = meters;
    this.loops = loops;
    this.home = vertx.getOrCreateContext();
  }

  /**
   * Mounts a route, and binds the address when it is the first there. Of several routes on one path
   * the newest is asked, so a source can be replaced without a gap.
   *
   * @param drain how long what was taken may need to be answered when it is unmounted
   * @return fails when the address cannot be bound, or is bound with other settings; nothing is
   *     left behind then
   */
  public Future<Mount> mount(
      HostPort address, ListenerSettings settings, Route route, Duration drain) {
    return inOrder(
        () -> {
          if (tcp.containsKey(address)) {
            return taken(address);
          }
          Bound there = bound.computeIfAbsent(address, free -> bind(free, settings));
          return there
              .mount(settings, route)
              .map(open -> new Mount(this, address, there, route, open, drain))
              .recover(
                  why ->
                      (there.unused() ? letGo(address, there) : nothing())
                          .transform(over -> Future.failedFuture(why)));
        });
  }

  /**
   * Binds an address for TCP connections of one source; or, where that source has it already with
   * the same settings, takes the connections that come from now on.
   *
   * @param source the source's name
   * @param endpoints opens the source's endpoint on each event loop
   * @param drain how long the connections may take to end when it is let go
   * @return fails when the address cannot be bound, or another source listens there; nothing is
   *     left behind then
   */
  public Future<TcpMount> listen(
      HostPort address,
      String source,
      TcpSettings settings,
      Supplier<TcpEndpoint> endpoints,
      Duration drain) {
    return inOrder(
        () -> {
          Tcp there = address.port() == 0 ? null : tcp.get(address);
          if (there != null && there.bound().admits(source, settings)) {
            return there.bound().handOver(endpoints, () -> unmount(there));
          }
          if (there != null || (address.port() != 0 && bound.containsKey(address))) {
            return taken(address);
          }
          TcpBound made =
              new TcpBound(vertx, meters, address, source, settings, endpoints, drain, loops);
          return made.deploy()
              .map(
                  id -> {
                    Tcp settled = new Tcp(made, id);
                    tcp.put(made.address(), settled);
                    return made.settle(() -> unmount(settled));
                  })
              .recover(why -> letGo(made).transform(over -> Future.failedFuture(why)));
        });
  }

  /** Its connections end beside other changes, which would wait for them in line. */
  private Future<Void> unmount(Tcp there) {
    return vertx.undeploy(there.deployment()).eventually(() -> inOrder(() -> letGo(there.bound())));
  }

  private Future<Void> letGo(TcpBound there) {
    tcp.values().removeIf(other -> other.bound() == there);
    there.close();
    return nothing();
  }

  private static <T> Future<T> taken(HostPort address) {
    return Future.failedFuture(new IllegalStateException("another source listens on " + address));
  }

  /** Takes a route away again, and lets go of the address when it was the last there. */
  Future<Void> unmount(HostPort address, Bound there, Route route, Bound.Endpoints open) {
    return inOrder(
        () ->
            there
                .unmount(route.path(), open)
                .eventually(() -> there.unused() ? letGo(address, there) : nothing()));
  }

  private Bound bind(HostPort address, ListenerSettings settings) {
    return new Bound(vertx, meters, address, settings, loops);
  }

  private Future<Void> letGo(HostPort address, Bound there) {
    bound.remove(address, there);
    return there.close();
  }

  private static Future<Void> nothing() {
    return Future.succeededFuture();
  }

  /** Runs {@code change} on the home loop when all changes before it are done. */
  private <T> Future<T> inOrder(Supplier<Future<T>> change) {
    Promise<T> done = Promise.promise();
    home.runOnContext(
        go -> {
          Future<T> next = last.transform(before -> change.get());
          last = next.otherwiseEmpty();
          next.onComplete(done);
        });
    return done.future();
  }
}

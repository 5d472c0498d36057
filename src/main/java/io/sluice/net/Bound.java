package io.sluice.net;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.config.HostPort;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** One address and the event loops that serve it. Confined to the loop of {@link Listeners}. */
final class Bound {
  /** Vert.x lets listeners share a free port when they name the same negative one. */
  private static final AtomicInteger FREE_PORTS = new AtomicInteger();

  private final Vertx vertx;
  private final HostPort address;
  private final ListenerSettings settings;
  private final ListenerTelemetry telemetry;
  private final List<HttpListener> listeners = new ArrayList<>();
  private final Optional<Certificates> certificates;
  private final Future<String> deployment;

  /** Routes that take nobody new; counted on any thread. */
  private final AtomicInteger leaving = new AtomicInteger();

  private int routes;

  /** The endpoints of one route, in the order of the event loops. */
  record Endpoints(List<Endpoint> each) {}

  Bound(Vertx vertx, MeterRegistry meters, HostPort address, ListenerSettings settings, int loops) {
    this.vertx = vertx;
    this.address = address;
    this.settings = settings;
    Connections connections =
        new Connections(settings.maxConnections(), settings.maxConnectionsPerAddress());
    telemetry = new ListenerTelemetry(meters, address.toString(), connections::open);
    int port = address.port() == 0 ? freePort() : address.port();
    for (int i = 0; i < loops; i++) {
      listeners.add(new HttpListener(address.host(), port, settings, connections, telemetry));
    }
    certificates =
        settings
            .tls()
            .map(tls -> new Certificates(vertx, address.toString(), tls, Clock.systemUTC()));
    deployment = certificates.map(this::deploySecured).orElseGet(() -> deploy(Optional.empty()));
    deployment.onSuccess(deployed -> telemetry.bound(address()));
  }

  /** A port that stands for a free one, the same for all listeners that name it. */
  static int freePort() {
    return -FREE_PORTS.incrementAndGet();
  }

  private Future<String> deploySecured(Certificates files) {
    return files
        .load()
        .compose(material -> deploy(Optional.of(material)))
        .onSuccess(deployed -> files.watch(this::renew));
  }

  private Future<?> renew(TlsMaterial material) {
    return onEach(i -> listeners.get(i).renew(material));
  }

  private Future<String> deploy(Optional<TlsMaterial> tls) {
    listeners.forEach(listener -> listener.secure(tls));
    Iterator<HttpListener> each = listeners.iterator();
    return vertx.deployVerticle(each::next, new DeploymentOptions().setInstances(listeners.size()));
  }

  /** The address with the port that is really listened on. */
  HostPort address() {
    return address.port() == 0 ? new HostPort(address.host(), listeners.get(0).port()) : address;
  }

  boolean unused() {
    return routes == 0;
  }

  Future<Endpoints> mount(ListenerSettings wanted, Route route) {
    if (!wanted.equals(settings)) {
      return Future.failedFuture(
          new IllegalStateException(
              "another source listens on " + address + " with other connection settings"));
    }
    return deployment
        .compose(id -> mountOnEach(route))
        .map(
            each -> {
              routes++;
              return new Endpoints(each);
            });
  }

  /** All endpoints or none: where one of them cannot be opened, the others are closed again. */
  private Future<List<Endpoint>> mountOnEach(Route route) {
    Endpoint[] opened = new Endpoint[listeners.size()];
    return onEach(
            i -> {
              opened[i] = listeners.get(i).mount(route);
              return Future.succeededFuture(opened[i]);
            })
        .recover(
            why ->
                onEach(i -> opened[i] == null ? nothing() : unmountFrom(i, route.path(), opened[i]))
                    .transform(closed -> Future.failedFuture(why)));
  }

  private static Future<Void> nothing() {
    return Future.succeededFuture();
  }

  private Future<Void> unmountFrom(int listener, String path, Endpoint endpoint) {
    listeners.get(listener).unmount(path, endpoint);
    return endpoint.close();
  }

  /** Comes before {@link #unmount}, once. */
  Future<Void> drain(Endpoints open) {
    leaving.incrementAndGet();
    return onEach(i -> open.each().get(i).drain()).mapEmpty();
  }

  /** Nobody new comes to them, even when those that took their place go; the route still counts. */
  Future<Void> retire(String path, Endpoints open) {
    return onEach(
            i -> {
              Endpoint each = open.each().get(i);
              listeners.get(i).unmount(path, each);
              return each.retire();
            })
        .mapEmpty();
  }

  /**
   * Takes a route away. Where every other one leaves, too, its path stays until the address is let
   * go of: who asks in between is told to come back, and not that there is nothing here.
   */
  Future<Void> unmount(String path, Endpoints open) {
    boolean allLeave = leaving.getAndDecrement() == routes;
    routes--;
    return onEach(
            i -> {
              Endpoint each = open.each().get(i);
              return allLeave ? each.close() : unmountFrom(i, path, each);
            })
        .mapEmpty();
  }

  Future<Void> close() {
    telemetry.closed();
    certificates.ifPresent(Certificates::close);
    // What could not be bound need not be let go of.
    return deployment.transform(
        deployed -> deployed.succeeded() ? vertx.undeploy(deployed.result()) : nothing());
  }

  /** Calls {@code action} for each listener on its own loop. */
  private <T> Future<List<T>> onEach(IntFunction<Future<T>> action) {
    List<Future<T>> all = new ArrayList<>();
    for (int i = 0; i < listeners.size(); i++) {
      Promise<T> done = Promise.promise();
      int which = i;
      listeners
          .get(i)
          .loop()
          .runOnContext(
              go -> {
                try {
                  action.apply(which).onComplete(done);
                } catch (RuntimeException failed) {
                  done.fail(failed);
                }
              });
      all.add(done.future());
    }
    return Future.join(all).map(joined -> joined.<T>list());
  }
}

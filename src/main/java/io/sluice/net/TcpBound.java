package io.sluice.net;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.config.HostPort;
import io.vertx.core.CompositeFuture;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One TCP address and the event loops that serve it. Confined to the loop of {@link Listeners}. */
final class TcpBound {
  private final Vertx vertx;
  private final HostPort address;
  private final String source;
  private final TcpSettings settings;
  private final Duration drain;
  private final ListenerTelemetry telemetry;
  private final List<TcpListener> listeners = new ArrayList<>();
  private final Optional<Certificates> certificates;
  private @Nullable TcpMount current;

  TcpBound(
      Vertx vertx,
      MeterRegistry meters,
      HostPort address,
      String source,
      TcpSettings settings,
      Supplier<TcpEndpoint> endpoints,
      Duration drain,
      int loops) {
    this.vertx = vertx;
    this.address = address;
    this.source = source;
    this.settings = settings;
    this.drain = drain;
    Connections connections =
        new Connections(settings.maxConnections(), settings.maxConnectionsPerAddress());
    telemetry = new ListenerTelemetry(meters, address.toString(), connections::open);
    int port = address.port() == 0 ? Bound.freePort() : address.port();
    for (int i = 0; i < loops; i++) {
      listeners.add(
          new TcpListener(
              address.host(), port, settings, endpoints, drain, connections, telemetry));
    }
    certificates =
        settings
            .tls()
            .map(tls -> new Certificates(vertx, address.toString(), tls, Clock.systemUTC()));
  }

  /** Listens; fails when it cannot, and leaves nothing behind then but what {@link #close} ends. */
  Future<String> deploy() {
    return certificates
        .map(
            files ->
                files
                    .load()
                    .compose(material -> deploy(Optional.of(material)))
                    .onSuccess(deployed -> files.watch(this::renew)))
        .orElseGet(() -> deploy(Optional.empty()));
  }

  private Future<String> deploy(Optional<TlsMaterial> tls) {
    listeners.forEach(listener -> listener.secure(tls));
    return vertx
        .deployVerticle(
            listeners.iterator()::next, new DeploymentOptions().setInstances(listeners.size()))
        .onSuccess(deployed -> telemetry.bound(address()));
  }

  private Future<?> renew(TlsMaterial material) {
    return onEach(i -> listeners.get(i).renew(material).mapEmpty());
  }

  /** Whether another endpoint of this source, with such settings, could take over here. */
  boolean admits(String name, TcpSettings wanted) {
    return source.equals(name) && settings.equals(wanted);
  }

  /** The first to use the address. */
  TcpMount settle(Supplier<Future<Void>> letGo) {
    return occupy(new TcpMount(this, letGo));
  }

  /** Has another one take the connections from now on, in the place of the one there is. */
  Future<TcpMount> handOver(Supplier<TcpEndpoint> successor, Supplier<Future<Void>> letGo) {
    return onEach(i -> Future.succeededFuture(listeners.get(i).handOver(successor)))
        .map(
            before -> {
              Objects.requireNonNull(current, "settled").replaced(before);
              return occupy(new TcpMount(this, letGo));
            });
  }

  private TcpMount occupy(TcpMount mount) {
    current = mount;
    return mount;
  }

  /** Completes when those who were replaced have nobody left. */
  Future<Void> retire(List<TcpEndpoint> replaced) {
    return onEach(i -> replaced.get(i).retire()).mapEmpty();
  }

  /** Has those who were replaced end their connections, and lets go of them. */
  Future<Void> end(List<TcpEndpoint> replaced) {
    long patience = Math.max(1, drain.toMillis());
    return onEach(
            i ->
                Future.any(replaced.get(i).drain(), vertx.timer(patience, TimeUnit.MILLISECONDS))
                    .mapEmpty())
        .transform(drained -> onEach(i -> replaced.get(i).close()).mapEmpty());
  }

  /** Calls {@code action} for each listener on its own loop. */
  private <T> Future<List<T>> onEach(IntFunction<Future<T>> action) {
    List<Future<T>> all = new ArrayList<>();
    for (int i = 0; i < listeners.size(); i++) {
      int index = i;
      Promise<T> done = Promise.promise();
      listeners.get(i).loop().runOnContext(go -> action.apply(index).onComplete(done));
      all.add(done.future());
    }
    return Future.join(all).map(CompositeFuture::list);
  }

  /** The address with the port that is really listened on. */
  HostPort address() {
    return address.port() == 0 ? new HostPort(address.host(), listeners.get(0).port()) : address;
  }

  /** Lets go of what is not deployed. */
  void close() {
    telemetry.closed();
    certificates.ifPresent(Certificates::close);
  }
}

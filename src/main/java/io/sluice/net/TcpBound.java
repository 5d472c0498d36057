package io.sluice.net;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.config.HostPort;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One TCP address and the event loops that serve it. Confined to the loop of {@link Listeners}. */
final class TcpBound {
  private final Vertx vertx;
  private final HostPort address;
  private final ListenerTelemetry telemetry;
  private final List<TcpListener> listeners = new ArrayList<>();
  private final Optional<Certificates> certificates;

  TcpBound(
      Vertx vertx,
      MeterRegistry meters,
      HostPort address,
      TcpSettings settings,
      Supplier<TcpEndpoint> source,
      Duration drain,
      int loops) {
    this.vertx = vertx;
    this.address = address;
    Connections connections =
        new Connections(settings.maxConnections(), settings.maxConnectionsPerAddress());
    telemetry = new ListenerTelemetry(meters, address.toString(), connections::open);
    int port = address.port() == 0 ? Bound.freePort() : address.port();
    for (int i = 0; i < loops; i++) {
      listeners.add(
          new TcpListener(address.host(), port, settings, source, drain, connections, telemetry));
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
    List<Future<Object>> all = new ArrayList<>();
    for (TcpListener listener : listeners) {
      Promise<Object> renewed = Promise.promise();
      listener
          .loop()
          .runOnContext(go -> listener.renew(material).<Object>mapEmpty().onComplete(renewed));
      all.add(renewed.future());
    }
    return Future.join(all);
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

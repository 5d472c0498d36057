package io.sluice.net;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's share of a TCP listener: takes connections, as many as may be, and hands them to
 * the source's endpoint.
 *
 * <p>Everything in it belongs to that loop, except the number of connections, which the loops of a
 * listener share.
 */
final class TcpListener extends VerticleBase {
  private final String host;
  private final int port;
  private final TcpSettings settings;
  private final Supplier<TcpEndpoint> source;
  private final Duration drain;
  private final Connections connections;
  private final ListenerTelemetry telemetry;
  private final SharedReads reads = new SharedReads();
  private Optional<TlsMaterial> tls = Optional.empty();
  private @Nullable TcpEndpoint endpoint;
  private @Nullable NetServer server;

  /**
   * @param port a negative one is any free port, the same for all that name it
   * @param source opens the source's endpoint on the loop that calls
   * @param drain how long a stop may wait for connections
   */
  TcpListener(
      String host,
      int port,
      TcpSettings settings,
      Supplier<TcpEndpoint> source,
      Duration drain,
      Connections connections,
      ListenerTelemetry telemetry) {
    this.host = host;
    this.port = port;
    this.settings = settings;
    this.source = source;
    this.drain = drain;
    this.connections = connections;
    this.telemetry = telemetry;
  }

  /** Decides whether TLS is spoken; to be said before it is deployed. */
  void secure(Optional<TlsMaterial> material) {
    tls = material;
  }

  /** Takes other certificates for connections from now on; those there are go on. */
  Future<?> renew(TlsMaterial material) {
    return Objects.requireNonNull(server, "listening").updateSSLOptions(material.options(false));
  }

  /**
   * Opens another endpoint, which takes connections from now on.
   *
   * @return the one before, whose the connections remain that it has
   */
  TcpEndpoint handOver(Supplier<TcpEndpoint> successor) {
    TcpEndpoint before = Objects.requireNonNull(endpoint, "started");
    endpoint = successor.get();
    return before;
  }

  /** The loop to call {@link #renew} and {@link #handOver} on. */
  Context loop() {
    return context;
  }

  @Override
  public Future<?> start() {
    TcpEndpoint opened = source.get();
    endpoint = opened;
    NetServer created = vertx.createNetServer(options());
    server = created;
    return created
        .connectHandler(this::connected)
        .exceptionHandler(telemetry::connectionFailed)
        .listen(port, host)
        .recover(
            why ->
                opened
                    .close()
                    .transform(
                        closed -> Future.failedFuture(new CannotListenException(host, port, why))));
  }

  private NetServerOptions options() {
    NetServerOptions options =
        new NetServerOptions().setAcceptBacklog(1024).setTcpNoDelay(true).setTcpKeepAlive(true);
    settings.proxyProtocol().ifPresent(proxies -> ProxyProtocol.ask(options));
    tls.ifPresent(material -> material.applyTo(options, false));
    return options;
  }

  int port() {
    return Objects.requireNonNull(server, "listening").actualPort();
  }

  private void connected(NetSocket socket) {
    if (settings.proxyProtocol().isPresent()
        && !settings.proxyProtocol().get().trusts(socket.remoteAddress(true))) {
      refuse(socket, "proxy-untrusted");
      return;
    }
    SocketAddress from = socket.remoteAddress();
    Connections.Pass pass = connections.enter(from == null ? null : from.hostAddress());
    if (pass.excess().isPresent()) {
      pass.leave();
      refuse(socket, pass.excess().get().code());
      return;
    }
    reads.opened();
    TcpConnection connection = new TcpConnection(socket, context);
    TcpPeer peer = Objects.requireNonNull(endpoint, "started").connected(connection);
    socket.exceptionHandler(telemetry::connectionFailed);
    socket.closeHandler(
        closed -> {
          pass.leave();
          reads.closed();
          peer.closed();
        });
    connection.begin(peer, reads);
  }

  private void refuse(NetSocket socket, String reason) {
    telemetry.refused(reason);
    socket.close();
  }

  /** Refuses new connections, lets those there are end, and closes what is left. */
  @Override
  public Future<?> stop() {
    TcpEndpoint opened = endpoint;
    NetServer listening = server;
    if (opened == null || listening == null) {
      return Future.succeededFuture();
    }
    long patience = Math.max(1, drain.toMillis());
    // On this event loop, which Future.timeout of a plain promise leaves.
    Future<?> ended = Future.any(opened.drain(), vertx.timer(patience, TimeUnit.MILLISECONDS));
    return Future.join(listening.shutdown(patience, TimeUnit.MILLISECONDS), ended)
        .transform(over -> opened.close());
  }
}

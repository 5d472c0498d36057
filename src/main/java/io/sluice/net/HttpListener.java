package io.sluice.net;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's share of a listener: checks requests and hands them to the routes.
 *
 * <p>Everything in it belongs to that loop, except the number of connections, which the loops of a
 * listener share.
 */
final class HttpListener extends VerticleBase {
  private static final int MAX_LINE = 4096;
  private static final int MAX_HEAD = 8192;
  private static final int MAX_STREAMS = 100;
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);
  private static final Problem NOTHING =
      Problem.of(404, "not-found", "There is nothing at this path.");

  private static final Problem STRANGER =
      Problem.of(403, "proxy-untrusted", "Only trusted proxies may connect here.").closing();

  private final String host;
  private final int port;
  private final ListenerSettings settings;
  private final Connections connections;
  private final ListenerTelemetry telemetry;
  private final RequestIds ids = new RequestIds();
  private final Map<String, List<Endpoint>> routes = new HashMap<>();
  private final IdentityHashMap<HttpConnection, Connections.Pass> open = new IdentityHashMap<>();

  /** Those that came with the header of a proxy, and are none that is trusted. */
  private final Set<HttpConnection> strangers = Collections.newSetFromMap(new IdentityHashMap<>());

  private Optional<TlsMaterial> tls = Optional.empty();
  private @Nullable HttpServer server;
  private @Nullable Refusals refusals;

  /**
   * @param port a negative one is any free port, the same for all that name it
   */
  HttpListener(
      String host,
      int port,
      ListenerSettings settings,
      Connections connections,
      ListenerTelemetry telemetry) {
    this.host = host;
    this.port = port;
    this.settings = settings;
    this.connections = connections;
    this.telemetry = telemetry;
  }

  /** Decides whether TLS is spoken; to be said before it is deployed. */
  void secure(Optional<TlsMaterial> material) {
    tls = material;
  }

  /** Takes other certificates for connections from now on; those there are go on. */
  Future<?> renew(TlsMaterial material) {
    return Objects.requireNonNull(server, "listening").updateSSLOptions(material.options(true));
  }

  @Override
  public Future<?> start() {
    HttpServer created = vertx.createHttpServer(options());
    server = created;
    refusals = new Refusals(vertx);
    return created
        .connectionHandler(this::connected)
        .invalidRequestHandler(this::invalid)
        .requestHandler(this::received)
        .exceptionHandler(telemetry::connectionFailed)
        .listen(port, host)
        .recover(why -> Future.failedFuture(new CannotListenException(host, port, why)));
  }

  private HttpServerOptions options() {
    HttpServerOptions options = plain();
    settings.proxyProtocol().ifPresent(proxies -> ProxyProtocol.ask(options));
    tls.ifPresent(material -> material.applyTo(options, true));
    return options;
  }

  private HttpServerOptions plain() {
    return new HttpServerOptions()
        .setIdleTimeout(Math.toIntExact(settings.idleTimeout().toMillis()))
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setMaxInitialLineLength(MAX_LINE)
        .setMaxHeaderSize(MAX_HEAD)
        .setInitialSettings(
            new Http2Settings().setMaxConcurrentStreams(MAX_STREAMS).setMaxHeaderListSize(MAX_HEAD))
        .setHttp2ClearTextEnabled(true)
        .setAcceptBacklog(1024)
        .setStrictThreadMode(true);
  }

  /** The loop to call {@link #mount} on. */
  Context loop() {
    return context;
  }

  int port() {
    return Objects.requireNonNull(server, "listening").actualPort();
  }

  /** Adds a route; of several on one path the newest is asked. */
  Endpoint mount(Route route) {
    Endpoint endpoint = route.open();
    routes.computeIfAbsent(route.path(), path -> new ArrayList<>(1)).add(endpoint);
    return endpoint;
  }

  void unmount(String path, Endpoint endpoint) {
    List<Endpoint> mounted = routes.get(path);
    if (mounted != null && mounted.remove(endpoint) && mounted.isEmpty()) {
      routes.remove(path);
    }
  }

  private void connected(HttpConnection connection) {
    if (settings.proxyProtocol().isPresent()
        && !settings.proxyProtocol().get().trusts(connection.remoteAddress(true))) {
      strangers.add(connection);
    }
    SocketAddress from = connection.remoteAddress();
    open.put(connection, connections.enter(from == null ? null : from.hostAddress()));
    connection.closeHandler(closed -> gone(connection));
    connection.exceptionHandler(telemetry::connectionFailed);
    FloodGuard.watch(connection, telemetry);
  }

  private void gone(HttpConnection connection) {
    strangers.remove(connection);
    Connections.Pass pass = open.remove(connection);
    if (pass != null) {
      pass.leave();
    }
  }

  private void received(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (response.writeQueueFull()) {
      if (open.containsKey(request.connection())) {
        waitForReader(request);
      } else {
        // Vert.x lets go of what is left of a closed connection only when every answer is ended.
        response.end();
      }
      return;
    }
    if (!strangers.isEmpty() && strangers.contains(request.connection())) {
      refuse(request, STRANGER);
      return;
    }
    Connections.Pass pass = open.get(request.connection());
    if (pass != null && pass.excess().isPresent()) {
      refuse(request, pass.excess().get().problem());
      return;
    }
    Problem problem = RequestCheck.of(request);
    if (problem != null) {
      refuse(request, problem);
      return;
    }
    Endpoint endpoint = endpoint(request);
    if (endpoint != null) {
      pass(request, endpoint);
    }
  }

  private void pass(HttpServerRequest request, Endpoint endpoint) {
    String protocol =
        request.version() == HttpVersion.HTTP_1_1 ? request.getHeader(HttpHeaders.UPGRADE) : null;
    if (protocol == null || protocol.regionMatches(true, 0, "h2c", 0, 3)) {
      endpoint.handle(request);
    } else if (endpoint.speaks(protocol)) {
      endpoint.upgrade(new Upgrade(request, () -> gone(request.connection())));
    } else if (protocol.equalsIgnoreCase("websocket")) {
      refuse(request, NOTHING);
    } else {
      // RFC 9110 section 7.8: a server may ignore what it does not speak.
      endpoint.handle(request);
    }
  }

  /** The endpoint of the path; when there is none, the request is answered. */
  private @Nullable Endpoint endpoint(HttpServerRequest request) {
    String path = request.path();
    List<Endpoint> mounted = path == null ? null : routes.get(path);
    if (mounted == null) {
      String normal = path == null || path.isEmpty() ? "" : Paths.normal(path);
      if (normal == null) {
        refuse(request, Problem.of(400, "path-malformed", "The path is not well encoded."));
        return null;
      }
      mounted = routes.get(normal);
    }
    if (mounted == null) {
      refuse(request, NOTHING);
      return null;
    }
    if (RequestCheck.preflight(request)) {
      refuse(request, Problem.of(403, "origin", "No other origin may send events here."));
      return null;
    }
    return mounted.get(mounted.size() - 1);
  }

  /** A client that sends request upon request and reads no answer waits until it has read some. */
  private void waitForReader(HttpServerRequest request) {
    request.pause();
    long deadline =
        vertx.setTimer(
            settings.flushWithin().toMillis(),
            late -> {
              telemetry.refused("slow-reader");
              request.connection().close();
            });
    request
        .response()
        .exceptionHandler(
            gone -> {
              vertx.cancelTimer(deadline);
              request.resume();
              context.runOnContext(closed -> request.response().end());
            });
    request
        .response()
        .drainHandler(
            drained -> {
              vertx.cancelTimer(deadline);
              request.response().drainHandler(null).exceptionHandler(null);
              request.resume();
              received(request);
            });
  }

  private void invalid(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    Problem problem;
    if (cause instanceof TooLongHttpLineException) {
      problem = Problem.of(414, "target-too-long", "The request line is too long.");
    } else if (cause instanceof TooLongHttpHeaderException
        || cause instanceof TooLongFrameException) {
      problem = Problem.of(431, "headers-too-large", "The header lines are too large.");
    } else {
      problem = Problem.of(400, "malformed", "This is not a well-formed HTTP request.");
    }
    telemetry.refused(problem.code());
    // Vert.x closes the connection behind this answer.
    Answers.problem(request, problem.closing(), ids.next());
  }

  private void refuse(HttpServerRequest request, Problem problem) {
    telemetry.refused(problem.code());
    Objects.requireNonNull(refusals, "started").answer(request, problem, ids.next());
  }

  @Override
  public Future<?> stop() {
    HttpServer listening = server;
    return listening == null
        ? Future.succeededFuture()
        : listening.shutdown(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
  }
}

package io.sluice.admin;

import io.sluice.auth.Auth;
import io.sluice.auth.Guard;
import io.sluice.auth.Guards;
import io.sluice.config.HostPort;
import io.sluice.net.CannotListenException;
import io.sluice.net.ServerTls;
import io.sluice.telemetry.Meters;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin listener: one socket on one event loop, apart from those that take events. */
public final class AdminVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(AdminVerticle.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int IDLE_SECONDS = 30;

  private final AdminConfig config;
  private final View view;
  private final Meters meters;
  private final Pulse pulse;
  private @Nullable Guards guards;
  private @Nullable ServerTls tls;
  private @Nullable HttpServer server;

  /**
   * An admin listener, not bound yet.
   *
   * @param loops how many event loops the Vert.x it is deployed to has
   */
  public AdminVerticle(AdminConfig config, View view, Meters meters, int loops) {
    this(config, view, meters, new Pulse(loops, PATIENCE, System::nanoTime));
  }

  AdminVerticle(AdminConfig config, View view, Meters meters, Pulse pulse) {
    this.config = config;
    this.view = view;
    this.meters = meters;
    this.pulse = pulse;
  }

  @Override
  public Future<?> start() {
    Guards opened =
        new Guards(vertx, "admin", config.auth().orElseGet(Auth.None::new), Clock.systemUTC());
    guards = opened;
    HttpServerOptions options =
        new HttpServerOptions()
            .setIdleTimeout(IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setMaxInitialLineLength(2048);
    ServerTls secured = new ServerTls(vertx, config.listen().toString(), config.tls());
    tls = secured;
    return opened
        .start()
        .compose(ready -> secured.applyTo(options))
        .compose(
            ready ->
                listen(ready, opened.open()).recover(why -> Future.failedFuture(cannotListen(why))))
        .onSuccess(this::listening)
        .compose(bound -> pulse.start(vertx));
  }

  private Future<HttpServer> listen(HttpServerOptions options, Guard guard) {
    Pages pages = new Pages(view, pulse, meters, guard, config.listen().loopback());
    return vertx
        .createHttpServer(options)
        .requestHandler(pages.router(vertx))
        .listen(config.listen().toSocketAddress());
  }

  private void listening(HttpServer bound) {
    server = bound;
    if (tls != null) {
      tls.keep(bound);
    }
    LOG.atInfo().addKeyValue("listen", address()).log("admin listening");
  }

  @Override
  public Future<?> stop() {
    if (tls != null) {
      tls.close();
    }
    return guards == null ? Future.succeededFuture() : guards.stop();
  }

  private CannotListenException cannotListen(Throwable why) {
    return new CannotListenException(config.listen().host(), config.listen().port(), why);
  }

  /** Where it listens, with the port it really got. Once it is deployed. */
  public HostPort address() {
    if (server == null) {
      throw new IllegalStateException("not listening");
    }
    return new HostPort(config.listen().host(), server.actualPort());
  }
}

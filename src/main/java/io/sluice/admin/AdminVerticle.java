package io.sluice.admin;

import io.sluice.auth.Auth;
import io.sluice.auth.Guard;
import io.sluice.auth.Guards;
import io.sluice.config.HostPort;
import io.sluice.net.CannotListenException;
import io.sluice.net.ServerTls;
import io.sluice.telemetry.Meters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin listener: one socket on one event loop, apart from those that take events. */
final class AdminVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(AdminVerticle.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration LINGER = Duration.ofSeconds(1);
  private static final int IDLE_SECONDS = 30;

  private final AdminConfig config;
  private final View view;
  private final Meters meters;
  private final Pulse pulse;
  private @Nullable Guards guards;
  private @Nullable Pages pages;
  private @Nullable ServerTls tls;
  private @Nullable HttpServer server;

  /** Credentials and certificates that were got ready: taken or let go, on any thread. */
  interface Ready {
    void take();

    void letGo();
  }

  /**
   * An admin listener, not bound yet.
   *
   * @param loops how many event loops the Vert.x it is deployed to has
   */
  AdminVerticle(AdminConfig config, View view, Meters meters, int loops) {
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
    Guards opened = guards(config);
    guards = opened;
    HttpServerOptions options =
        new HttpServerOptions()
            .setIdleTimeout(IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setMaxInitialLineLength(2048);
    ServerTls secured = tls(config);
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

  private Guards guards(AdminConfig of) {
    return new Guards(vertx, "admin", of.auth().orElseGet(Auth.None::new), Clock.systemUTC());
  }

  private ServerTls tls(AdminConfig of) {
    return new ServerTls(vertx, of.listen().toString(), of.tls());
  }

  private Future<HttpServer> listen(HttpServerOptions options, Guard guard) {
    Pages made = new Pages(view, pulse, meters, guard, config.listen().loopback());
    pages = made;
    return vertx
        .createHttpServer(options)
        .requestHandler(made.router(vertx))
        .listen(config.listen().toSocketAddress());
  }

  private void listening(HttpServer bound) {
    server = bound;
    if (tls != null) {
      tls.keep(bound);
    }
    LOG.atInfo().addKeyValue("listen", address()).log("admin listening");
  }

  /**
   * Gets what other settings of the same address need, beside what runs. May be called on any
   * thread.
   *
   * @return fails when credentials or certificates cannot be used
   */
  Future<Ready> prepare(AdminConfig desired) {
    Promise<Ready> done = Promise.promise();
    context.runOnContext(go -> prepareHere(desired).onComplete(done));
    return done.future();
  }

  private Future<Ready> prepareHere(AdminConfig desired) {
    Guards opened = guards(desired);
    ServerTls secured = tls(desired);
    return opened
        .start()
        .compose(started -> secured.prepare(bound()))
        .<Ready>map(
            over ->
                new Ready() {
                  @Override
                  public void take() {
                    context.runOnContext(go -> goOver(opened, secured, over));
                  }

                  @Override
                  public void letGo() {
                    context.runOnContext(go -> opened.stop());
                  }
                })
        .onFailure(bad -> opened.stop());
  }

  private void goOver(Guards opened, ServerTls secured, Runnable over) {
    Guards before = guards;
    ServerTls unused = tls;
    guards = opened;
    tls = secured;
    Objects.requireNonNull(pages).guardedBy(opened.open());
    if (unused != null) {
      unused.close();
    }
    over.run();
    if (before != null) {
      before.stop();
    }
    LOG.atInfo().addKeyValue("listen", address()).log("admin settings taken up");
  }

  /**
   * Lingers, answers what it has begun to answer, and ends. May be called on any thread.
   *
   * <p>Who asked for the change often did so here: there are HTTP/2 clients that give up the
   * request they have when they are told to make no more (GOAWAY, RFC 9113 section 6.8).
   */
  void retire() {
    vertx.setTimer(
        LINGER.toMillis(),
        over ->
            bound()
                .shutdown(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(down -> vertx.undeploy(context.deploymentID())));
  }

  private HttpServer bound() {
    if (server == null) {
      throw new IllegalStateException("not listening");
    }
    return server;
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
  HostPort address() {
    return new HostPort(config.listen().host(), bound().actualPort());
  }
}

package io.sluice.source.websocket;

import io.sluice.auth.Auth;
import io.sluice.auth.Guards;
import io.sluice.auth.Quota;
import io.sluice.config.HostPort;
import io.sluice.connector.Source;
import io.sluice.connector.SourceContext;
import io.sluice.net.Endpoint;
import io.sluice.net.Listeners;
import io.sluice.net.Mount;
import io.sluice.net.Route;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Events by WebSocket: a route on a listener, with an endpoint on each of its event loops.
 *
 * <p>Started and stopped by one caller, one call after the other.
 */
final class WebSocketSource implements Source, Route {
  private final WebSocketSourceConfig config;
  private final SourceContext context;
  private final Listeners listeners;
  private final WebSocketTelemetry telemetry;
  private final Guards guards;
  private final Quota quota;
  private @Nullable Mount mount;

  WebSocketSource(WebSocketSourceConfig config, SourceContext context, Listeners listeners) {
    this.config = config;
    this.context = context;
    this.listeners = listeners;
    this.telemetry = new WebSocketTelemetry(context.name(), context.meters());
    this.guards =
        new Guards(
            context.vertx(),
            context.name(),
            config.auth().orElseGet(Auth.None::new),
            context.clock());
    this.quota = new Quota(config.quota());
  }

  @Override
  public Future<Void> start() {
    return guards
        .start()
        .compose(
            ready -> listeners.mount(config.listen(), config.listener(), this, context.drain()))
        .onSuccess(mounted -> mount = mounted)
        .<Void>mapEmpty()
        .recover(failure -> guards.stop().transform(stopped -> Future.failedFuture(failure)));
  }

  /** Where it is found while it runs: its address with the port that is really listened on. */
  Optional<HostPort> address() {
    return Optional.ofNullable(mount).map(Mount::address);
  }

  @Override
  public String path() {
    return config.path();
  }

  @Override
  public Endpoint open() {
    return new WebSocketEndpoint(Desk.open(config, context, guards.open(), quota, telemetry));
  }

  @Override
  public Future<Void> retire() {
    Mount mounted = mount;
    return mounted == null ? Future.succeededFuture() : mounted.retire().transform(left -> stop());
  }

  @Override
  public Future<Void> stop() {
    Mount mounted = mount;
    if (mounted == null) {
      return Future.succeededFuture();
    }
    mount = null;
    return mounted.unmount().eventually(guards::stop);
  }
}

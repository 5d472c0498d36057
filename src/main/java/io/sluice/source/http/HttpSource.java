package io.sluice.source.http;

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
 * Events by HTTP POST: a route on a listener, with an endpoint on each of its event loops.
 *
 * <p>Started and stopped by one caller, one call after the other.
 */
final class HttpSource implements Source, Route {
  private final HttpSourceConfig config;
  private final SourceContext context;
  private final Listeners listeners;
  private final HttpTelemetry telemetry;
  private final Guards guards;
  private final Quota quota;
  private final Idempotency idempotency;
  private @Nullable Mount mount;

  HttpSource(HttpSourceConfig config, SourceContext context, Listeners listeners) {
    this.config = config;
    this.context = context;
    this.listeners = listeners;
    this.telemetry = new HttpTelemetry(context.name(), context.meters());
    this.guards =
        new Guards(
            context.vertx(),
            context.name(),
            config.auth().orElseGet(Auth.None::new),
            context.clock());
    this.quota = new Quota(config.quota());
    this.idempotency = new Idempotency(context.vertx(), config.idempotency());
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
    return new HttpEndpoint(
        Desk.open(config, context, guards.open(), quota, telemetry, idempotency));
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

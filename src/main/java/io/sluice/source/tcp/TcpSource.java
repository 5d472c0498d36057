package io.sluice.source.tcp;

import io.sluice.auth.Auth;
import io.sluice.auth.Guards;
import io.sluice.auth.Quota;
import io.sluice.config.HostPort;
import io.sluice.connector.Source;
import io.sluice.connector.SourceContext;
import io.sluice.net.Listeners;
import io.sluice.net.TcpMount;
import io.sluice.telemetry.PushTelemetry;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Events by TCP: a listener of its own, with an endpoint on each of its event loops.
 *
 * <p>Started and stopped by one caller, one call after the other.
 */
final class TcpSource implements Source {
  private final TcpSourceConfig config;
  private final SourceContext context;
  private final Listeners listeners;
  private final Guards guards;
  private final Quota quota;
  private final PushTelemetry telemetry;
  private @Nullable TcpMount mount;

  TcpSource(TcpSourceConfig config, SourceContext context, Listeners listeners) {
    this.config = config;
    this.context = context;
    this.listeners = listeners;
    this.guards =
        new Guards(
            context.vertx(),
            context.name(),
            config.auth().orElseGet(Auth.None::new),
            context.clock());
    this.quota = new Quota(config.quota());
    this.telemetry = new PushTelemetry(context.name(), context.meters());
  }

  @Override
  public Future<Void> start() {
    return guards
        .start()
        .compose(
            ready ->
                listeners.listen(
                    config.listen(),
                    context.name(),
                    config.listener(),
                    () -> new Hall(config, context, guards.open(), quota, telemetry),
                    context.drain()))
        .onSuccess(mounted -> mount = mounted)
        .<Void>mapEmpty()
        .recover(failure -> guards.stop().transform(stopped -> Future.failedFuture(failure)));
  }

  /** Where it is found while it runs: its address with the port that is really listened on. */
  Optional<HostPort> address() {
    return Optional.ofNullable(mount).map(TcpMount::address);
  }

  @Override
  public Future<Void> retire() {
    TcpMount mounted = mount;
    return mounted == null ? Future.succeededFuture() : mounted.retire().transform(left -> stop());
  }

  @Override
  public Future<Void> stop() {
    TcpMount mounted = mount;
    if (mounted == null) {
      return Future.succeededFuture();
    }
    mount = null;
    return mounted.unmount().eventually(guards::stop);
  }
}

package io.sluice.source.websocket;

import io.sluice.auth.Caller;
import io.sluice.auth.Verdict;
import io.sluice.connector.Party;
import io.sluice.net.Endpoint;
import io.sluice.net.Problem;
import io.sluice.net.Upgrade;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetSocket;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket source on one event loop, with an inlet of its own. Answers handshakes, and watches
 * the deadlines of its connections with one timer for all.
 */
final class WebSocketEndpoint implements Endpoint {
  /** More frames than this in one message are nobody's way of sending. */
  static final int MAX_FRAGMENTS = 1000;

  private static final long SLOWEST_SWEEP_MILLIS = 1000;

  private final Desk desk;
  private final Handshakes handshakes;
  private final Connection.Timing timing;
  private final Frames.Limits limits;
  private final Set<Connection> open = new HashSet<>();
  private final long sweeper;
  private @Nullable Promise<Void> drained;
  private @Nullable Promise<Void> retired;

  WebSocketEndpoint(Desk desk) {
    WebSocketSourceConfig config = desk.config();
    this.desk = desk;
    this.limits =
        new Frames.Limits(
            (int) config.maxMessageBytes().bytes(), MAX_FRAGMENTS, config.accept() == Accept.ANY);
    this.handshakes = new Handshakes(config.origins());
    this.timing =
        new Connection.Timing(
            config.pingAfter().toNanos(),
            config.silentAfter().toNanos(),
            config.messageWithin().toNanos(),
            config.flushWithin().toNanos());
    long shortest =
        Math.min(
            Math.min(timing.ping(), timing.flush()), Math.min(timing.silence(), timing.message()));
    long sweep = Math.max(5, Math.min(SLOWEST_SWEEP_MILLIS, shortest / 4_000_000));
    this.sweeper = desk.vertx().setPeriodic(sweep, timer -> sweep());
  }

  @Override
  public void handle(HttpServerRequest request) {
    refuse(request, Handshakes.plain(request));
  }

  @Override
  public boolean speaks(String protocol) {
    return protocol.equalsIgnoreCase("websocket");
  }

  @Override
  public void upgrade(Upgrade upgrade) {
    HttpServerRequest request = upgrade.request();
    Problem problem = drained == null ? handshakes.check(request) : Handshakes.draining();
    if (problem != null) {
      refuse(request, problem);
      return;
    }
    desk.guard()
        .admit(Caller.of(request))
        .fold(new Admission(request))
        .ifPresent(principal -> accept(upgrade, principal));
  }

  private void accept(Upgrade upgrade, String principal) {
    HttpServerRequest request = upgrade.request();
    Numbers numbers = numbers(request, principal);
    Handshakes.confirm(request, desk.config().accept() == Accept.CLOUDEVENTS);
    upgrade
        .accept(socket -> opened(socket, principal, numbers))
        .onFailure(desk.telemetry()::broken);
  }

  /** Who it is, or what they are answered. */
  private final class Admission implements Verdict.Cases<Optional<String>> {
    private final HttpServerRequest request;

    Admission(HttpServerRequest request) {
      this.request = request;
    }

    @Override
    public Optional<String> admitted(Verdict.Admitted who) {
      return Optional.of(who.principal());
    }

    @Override
    public Optional<String> pending(Verdict.Pending open) {
      throw new IllegalStateException("a handshake has no body that could prove anything");
    }

    @Override
    public Optional<String> denied(Verdict.Denied no) {
      refuse(request, Handshakes.denied(no));
      return Optional.empty();
    }
  }

  private Numbers numbers(HttpServerRequest request, String principal) {
    if (!Handshakes.numbered(request)) {
      return Numbers.plain();
    }
    String token = Handshakes.session(request);
    return token == null
        ? Numbers.fresh(Session.fresh(desk.source(), principal))
        : Numbers.resumed(Session.of(token, desk.source(), principal));
  }

  private Runnable opened(NetSocket socket, String principal, Numbers numbers) {
    Inbox inbox = new Inbox();
    String party = Party.of(principal, socket.remoteAddress().hostAddress());
    Connection connection =
        new Connection(
            desk.vertx(),
            socket,
            timing,
            limits,
            inbox,
            new Pushing(desk, principal, party, inbox, numbers),
            desk.telemetry());
    open.add(connection);
    connection.open();
    return () -> closed(connection);
  }

  private void closed(Connection connection) {
    connection.gone();
    open.remove(connection);
    over();
  }

  private void refuse(HttpServerRequest request, Problem problem) {
    desk.telemetry().refused(problem.code());
    desk.refusals().answer(request, problem, desk.ids().next());
  }

  private void sweep() {
    long now = System.nanoTime();
    for (Connection connection : open) {
      connection.check(now);
    }
  }

  private void over() {
    if (open.isEmpty()) {
      Stream.of(drained, retired).filter(Objects::nonNull).forEach(Promise::tryComplete);
    }
  }

  @Override
  public Future<Void> retire() {
    Promise<Void> waiting = Promise.promise();
    retired = waiting;
    over();
    return waiting.future();
  }

  @Override
  public Future<Void> drain() {
    Promise<Void> waiting = drained;
    if (waiting == null) {
      waiting = Promise.promise();
      drained = waiting;
      for (Connection connection : open.toArray(new Connection[0])) {
        connection.leave();
      }
    }
    over();
    return waiting.future();
  }

  @Override
  public Future<Void> close() {
    drain();
    desk.vertx().cancelTimer(sweeper);
    for (Connection connection : open.toArray(new Connection[0])) {
      connection.cut();
    }
    return desk.inlet().close();
  }
}

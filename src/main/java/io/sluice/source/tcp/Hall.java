package io.sluice.source.tcp;

import io.sluice.auth.Caller;
import io.sluice.auth.Guard;
import io.sluice.auth.Quota;
import io.sluice.auth.Verdict;
import io.sluice.codec.Content;
import io.sluice.connector.Inlet;
import io.sluice.connector.Party;
import io.sluice.connector.SourceContext;
import io.sluice.event.Origin;
import io.sluice.net.TcpConnection;
import io.sluice.net.TcpEndpoint;
import io.sluice.net.TcpPeer;
import io.sluice.telemetry.PushTelemetry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One TCP source on one event loop, with an inlet of its own: its clients, and the gate they come
 * through.
 *
 * <p>While one of them waits for room in the stream, none is read from. So what was read and has no
 * room is what one turn of the loop can read, however many clients there are.
 */
final class Hall implements TcpEndpoint {
  /** What may be read and have no room. Bytes. */
  private static final long MOST_AHEAD = 32 << 20;

  private static final long SLOWEST_SWEEP_MILLIS = 250;

  private final TcpSourceConfig config;
  private final Guard guard;
  private final Quota quota;
  private final PushTelemetry telemetry;
  private final String source;
  private final Vertx vertx;
  private final Clock clock;
  private final Inlet inlet;
  private final Content content;
  private final String contentType;
  private final Set<Client> clients = new LinkedHashSet<>();
  private final long sweeper;
  private int waiting;

  /** Read while the gate was closed. Bytes. */
  private long ahead;

  private @Nullable Promise<Void> drained;
  private @Nullable Promise<Void> retired;

  Hall(
      TcpSourceConfig config,
      SourceContext context,
      Guard guard,
      Quota quota,
      PushTelemetry telemetry) {
    this.quota = quota;
    this.guard = guard;
    this.config = config;
    this.telemetry = telemetry;
    this.source = context.name();
    this.vertx = context.vertx();
    this.clock = context.clock();
    this.inlet = context.openInlet();
    this.content =
        switch (config.accept()) {
          case ANY -> config.charset() == Charset.STRICT ? Content.TEXT : Content.ANY;
          case JSON -> Content.JSON;
          case CLOUDEVENTS -> Content.CLOUDEVENT;
        };
    this.contentType =
        config.accept() != Accept.ANY ? "application/json" : config.framing().contentType();
    this.sweeper = vertx.setPeriodic(sweepMillis(), timer -> sweep());
  }

  private long sweepMillis() {
    Duration shortest =
        config.recordWithin().compareTo(config.idleTimeout()) < 0
            ? config.recordWithin()
            : config.idleTimeout();
    return Math.max(5, Math.min(SLOWEST_SWEEP_MILLIS, shortest.toMillis() / 8));
  }

  TcpSourceConfig config() {
    return config;
  }

  PushTelemetry telemetry() {
    return telemetry;
  }

  Vertx vertx() {
    return vertx;
  }

  Quota quota() {
    return quota;
  }

  Inlet inlet() {
    return inlet;
  }

  Content content() {
    return content;
  }

  /** Where events come from that were received from somebody just now. */
  Origin origin(String principal) {
    return new Origin(source, principal, contentType, clock.instant());
  }

  @Override
  public TcpPeer connected(TcpConnection connection) {
    Caller caller = Caller.of(connection.socket());
    return guard.admit(caller).fold(new Door(connection, caller.address()));
  }

  /** Lets somebody in, or not. */
  private final class Door implements Verdict.Cases<TcpPeer> {
    private final TcpConnection connection;
    private final String address;

    Door(TcpConnection connection, String address) {
      this.connection = connection;
      this.address = address;
    }

    @Override
    public TcpPeer admitted(Verdict.Admitted who) {
      return enter(client(who.principal()));
    }

    @Override
    public TcpPeer pending(Verdict.Pending open) {
      throw new IllegalStateException("a connection has no body that could prove anything");
    }

    @Override
    public TcpPeer denied(Verdict.Denied no) {
      Client client = enter(client(Origin.ANONYMOUS));
      client.refused(no.code(), no.detail());
      return client;
    }

    private Client client(String principal) {
      return new Client(Hall.this, connection, principal, Party.of(principal, address));
    }
  }

  private Client enter(Client client) {
    clients.add(client);
    if (drained != null) {
      client.dismiss();
    } else if (closed()) {
      client.hold();
    }
    client.begin();
    return client;
  }

  /** Whether nobody is read from. */
  boolean closed() {
    return waiting > 0;
  }

  /**
   * Counts bytes that came while nobody was to be read from: what was on its way then, and what a
   * client has left in the socket when it ends, which Netty reads to the end whatever it is told.
   *
   * @return whether they are too many to be kept
   */
  boolean overrun(int bytes) {
    ahead += bytes;
    return ahead > MOST_AHEAD;
  }

  /** A client waits for room. */
  void waits() {
    if (waiting++ == 0) {
      clients.forEach(Client::hold);
    }
  }

  /** A client waits no more. */
  void waitsNoMore() {
    if (--waiting == 0) {
      ahead = 0;
      for (Client client : clients.toArray(new Client[0])) {
        client.proceed();
      }
    }
  }

  /** A client has left, and all it sent is settled. */
  void left(Client client) {
    clients.remove(client);
    over();
  }

  private void over() {
    if (clients.isEmpty()) {
      Stream.of(drained, retired).filter(Objects::nonNull).forEach(Promise::tryComplete);
    }
  }

  @Override
  public Future<Void> retire() {
    Promise<Void> last = Promise.promise();
    retired = last;
    over();
    return last.future();
  }

  private void sweep() {
    long now = System.nanoTime();
    for (Client client : clients.toArray(new Client[0])) {
      client.check(now);
    }
  }

  @Override
  public Future<Void> drain() {
    Promise<Void> last = drained;
    if (last == null) {
      last = Promise.promise();
      drained = last;
      for (Client client : clients.toArray(new Client[0])) {
        client.dismiss();
      }
    }
    over();
    return last.future();
  }

  @Override
  public Future<Void> close() {
    vertx.cancelTimer(sweeper);
    for (Client client : clients.toArray(new Client[0])) {
      client.abandon();
    }
    return inlet.close();
  }
}

package io.sluice.source.tcp;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.connector.SourceContext;
import io.sluice.net.Listeners;
import io.sluice.source.FakeStream;
import io.sluice.source.PushContext;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.transport.Transport;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A TCP source that runs, on a free port, in front of a {@link FakeStream}. */
final class PushServer implements AutoCloseable {
  final Vertx vertx = vertx();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final Listeners listeners = new Listeners(vertx, meters, 2);
  final FakeStream stream;
  final TcpSource source;

  private PushServer(TcpSourceConfig config, FakeStream stream, Duration drain) {
    this.stream = stream;
    this.source = new TcpSource(config, context(stream, drain), listeners);
    source.start().timeout(10, TimeUnit.SECONDS).await();
  }

  /** With the transport that the gateway has, too. */
  private static Vertx vertx() {
    VertxBuilder builder = Vertx.builder();
    return Transport.EPOLL != null && Transport.EPOLL.available()
        ? builder.withTransport(Transport.EPOLL).build()
        : builder.build();
  }

  static PushServer start(Consumer<Settings> changes) {
    return start(changes, new FakeStream(64 << 20));
  }

  static PushServer start(Consumer<Settings> changes, FakeStream stream) {
    return new PushServer(Settings.with(changes), stream, Duration.ofSeconds(5));
  }

  SourceContext context(FakeStream into, Duration drain) {
    return new PushContext("devices", vertx, meters, Clock.systemUTC(), drain, into::open);
  }

  int port() {
    return source.address().orElseThrow().port();
  }

  /** How often something was refused for {@code reason}. */
  double refused(String reason) {
    return meters.find("sluice.refused").tag("reason", reason).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  TcpClient connect() {
    return new TcpClient(port());
  }

  @Override
  public void close() {
    source.stop().timeout(10, TimeUnit.SECONDS).await();
    vertx.close().timeout(10, TimeUnit.SECONDS).await();
  }
}

package io.sluice.source.websocket;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.connector.Inlet;
import io.sluice.connector.SourceContext;
import io.sluice.net.Listeners;
import io.sluice.source.FakeStream;
import io.sluice.source.PushContext;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** A WebSocket source that runs, on a free port. */
final class LiveServer implements AutoCloseable {
  final Vertx vertx;
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final Listeners listeners;
  final FakeStream stream;
  private final WebSocketSource source;

  private LiveServer(
      Vertx vertx, WebSocketSourceConfig config, FakeStream stream, Function<Vertx, Inlet> inlets) {
    this.vertx = vertx;
    this.listeners = new Listeners(vertx, meters, 2);
    this.stream = stream;
    this.source = new WebSocketSource(config, context(inlets), listeners);
    source.start().timeout(10, TimeUnit.SECONDS).await();
  }

  static LiveServer start(Consumer<Settings> changes) {
    return start(changes, new FakeStream(64 << 20));
  }

  static LiveServer start(Consumer<Settings> changes, FakeStream stream) {
    return new LiveServer(Vertx.vertx(), Settings.with(changes), stream, stream::open);
  }

  /** One before another stream, on a Vert.x of its caller's. */
  static LiveServer before(Vertx vertx, Function<Vertx, Inlet> inlets, Consumer<Settings> changes) {
    return new LiveServer(vertx, Settings.with(changes), new FakeStream(0), inlets);
  }

  private SourceContext context(Function<Vertx, Inlet> inlets) {
    return new PushContext("live", vertx, meters, Clock.systemUTC(), Duration.ofSeconds(5), inlets);
  }

  int port() {
    return source.address().orElseThrow().port();
  }

  RawSocket connect() {
    return new RawSocket(port());
  }

  /** How often something was refused for {@code reason}. */
  double refused(String reason) {
    return meters.find("sluice.refused").tag("reason", reason).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  /** The listener's open connections. */
  double connections() {
    return meters.find("sluice.connections").gauges().stream().mapToDouble(Gauge::value).sum();
  }

  void stop() {
    source.stop().timeout(10, TimeUnit.SECONDS).await();
  }

  @Override
  public void close() {
    stop();
    vertx.close().timeout(10, TimeUnit.SECONDS).await();
  }
}

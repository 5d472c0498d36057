package io.sluice.source.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.config.HostPort;
import io.sluice.connector.SourceContext;
import io.sluice.net.Listeners;
import io.sluice.source.FakeStream;
import io.sluice.source.PushContext;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** An HTTP source that runs, on a free port, in front of a {@link FakeStream}. */
final class PushServer implements AutoCloseable {
  final Vertx vertx = Vertx.vertx();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final Listeners listeners = new Listeners(vertx, meters, 2);
  final FakeStream stream;
  final HttpSource source;

  private final Clock clock;

  private PushServer(HttpSourceConfig config, FakeStream stream, Duration drain, Clock clock) {
    this.clock = clock;
    this.stream = stream;
    this.source = new HttpSource(config, context("app", stream, drain), listeners);
    source.start().timeout(10, TimeUnit.SECONDS).await();
  }

  static PushServer start(Consumer<Settings> changes) {
    return start(changes, new FakeStream(64 << 20));
  }

  static PushServer start(Consumer<Settings> changes, FakeStream stream) {
    return start(changes, stream, Clock.systemUTC());
  }

  static PushServer start(Consumer<Settings> changes, FakeStream stream, Clock clock) {
    return new PushServer(Settings.with(changes), stream, Duration.ofSeconds(5), clock);
  }

  SourceContext context(String name, FakeStream into, Duration drain) {
    return new PushContext(name, vertx, meters, clock, drain, into::open);
  }

  HostPort address() {
    return source.address().orElseThrow();
  }

  int port() {
    return address().port();
  }

  /** How often something was refused for {@code reason}. */
  double refused(String reason) {
    return meters.find("sluice.refused").tag("reason", reason).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  /** The gauge of open connections; not a number when there is none. */
  double connections(String listen) {
    Gauge gauge = meters.find("sluice.connections").tag("listen", listen).gauge();
    return gauge == null ? Double.NaN : gauge.value();
  }

  RawClient connect() {
    return new RawClient(port());
  }

  @Override
  public void close() {
    source.stop().timeout(10, TimeUnit.SECONDS).await();
    vertx.close().timeout(10, TimeUnit.SECONDS).await();
  }
}

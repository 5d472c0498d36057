package io.sluice.bench;

import io.sluice.cli.load.LoadResult;
import io.sluice.cli.target.Protocol;
import io.sluice.harness.GatewayProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The gateway in a process of its own: HTTP, WebSocket and TCP sources, disk stream, file sink. */
final class GatewayUnderTest implements Server {
  private static final Duration ARRIVE_WITHIN = Duration.ofMinutes(2);
  private static final String CONFIG =
      """
      {
        "admin": { "listen": "127.0.0.1:{{admin}}" },
        "sources": {
          "app": {
            "type": "http", "listen": "127.0.0.1:{{http}}", "path": "/v1/events",
            "accept": "json", "ack": "stored", "to": "events"
          },
          "live": {
            "type": "websocket", "listen": "127.0.0.1:{{http}}", "path": "/v1/live",
            "accept": "json", "to": "events"
          },
          "lines": {
            "type": "tcp", "listen": "127.0.0.1:{{tcp}}", "accept": "json", "receipts": true,
            "ack": "stored", "to": "events"
          }
        },
        "streams": { "events": { "buffer": "disk", "sync": "always" } },
        "sinks": {
          "archive": {
            "type": "file", "from": ["events"], "path": "out/{stream}-{seq}.ndjson",
            "maxBytes": "256MiB"
          }
        }
      }
      """;

  private final GatewayProcess gateway;
  private final Arrivals arrivals;
  private long acknowledged;

  private GatewayUnderTest(GatewayProcess gateway) {
    this.gateway = gateway;
    this.arrivals = new Arrivals(gateway.directory().resolve("out"));
  }

  static GatewayUnderTest start(Path directory, Path jar, List<String> options) {
    List<String> launch = new ArrayList<>(options);
    launch.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
    return new GatewayUnderTest(GatewayProcess.launched(directory, CONFIG, launch).start());
  }

  @Override
  public String name() {
    return "gateway";
  }

  @Override
  public URI url(Protocol protocol) {
    return switch (protocol) {
      case HTTP -> gateway.url("http", "/v1/events");
      case WEBSOCKET -> URI.create("ws://127.0.0.1:" + gateway.port("http") + "/v1/live");
      case TCP -> URI.create("tcp://127.0.0.1:" + gateway.port("tcp"));
    };
  }

  @Override
  public long pid() {
    return gateway.pid();
  }

  @Override
  public void settle(LoadResult result) {
    acknowledged += result.eventsEver();
    long deadline = System.nanoTime() + ARRIVE_WITHIN.toNanos();
    while (arrivals.bytes() < acknowledged * (GatewayBenchmark.EVENT_BYTES + 1)) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(
            "acknowledged "
                + acknowledged
                + " events, and the files have only "
                + arrivals.bytes()
                + " bytes:\n"
                + gateway.output());
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  /** Compares the events of a run with the files, and removes what was compared. */
  void verify(LoadResult result) {
    Arrivals.Count count = arrivals.take();
    if (count.twice() > 0) {
      throw new AssertionError(count.twice() + " events are in the files twice");
    }
    if (count.events() < result.eventsEver() || count.events() > result.eventsSent()) {
      throw new AssertionError(
          "acknowledged "
              + result.eventsEver()
              + " of "
              + result.eventsSent()
              + " events, and the files have "
              + count.events());
    }
    // Events that arrived without being acknowledged to a client that was gone count as arrived.
    acknowledged += count.events() - result.eventsEver();
  }

  long acknowledged() {
    return acknowledged;
  }

  @Override
  public void close() {
    gateway.close();
  }
}

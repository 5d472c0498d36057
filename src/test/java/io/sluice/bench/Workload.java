package io.sluice.bench;

import io.sluice.cli.load.Load;
import io.sluice.cli.load.Target;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How a server is driven.
 *
 * @param batch events in a request
 * @param rate events a second; empty as many as get answered
 * @param tcp whether over TCP, with several requests on the way; else HTTP
 */
record Workload(String name, int batch, OptionalDouble rate, boolean tcp) {
  private static final int CONNECTIONS = 64;
  private static final int TCP_CONNECTIONS = 8;
  private static final int TCP_AHEAD = 8;

  static Workload saturating(String name, int batch) {
    return new Workload(name, batch, OptionalDouble.empty(), false);
  }

  static Workload streaming(String name, int batch) {
    return new Workload(name, batch, OptionalDouble.empty(), true);
  }

  Workload at(double eventsPerSecond) {
    return new Workload(name + " half", batch, OptionalDouble.of(eventsPerSecond), tcp);
  }

  Load against(Server server, Duration warmup, Duration duration) {
    return new Load(
        Target.of(tcp ? server.tcp() : server.url()),
        tcp ? TCP_CONNECTIONS : CONNECTIONS,
        tcp ? TCP_AHEAD : 1,
        1,
        rate,
        batch,
        GatewayBenchmark.EVENT_BYTES,
        List.of(),
        warmup,
        duration);
  }
}

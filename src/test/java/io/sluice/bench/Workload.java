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
 */
record Workload(String name, int batch, OptionalDouble rate) {
  private static final int CONNECTIONS = 64;

  static Workload saturating(String name, int batch) {
    return new Workload(name, batch, OptionalDouble.empty());
  }

  Workload at(double eventsPerSecond) {
    return new Workload(name + " half", batch, OptionalDouble.of(eventsPerSecond));
  }

  Load against(Server server, Duration warmup, Duration duration) {
    return new Load(
        Target.of(server.url()),
        CONNECTIONS,
        1,
        1,
        rate,
        batch,
        GatewayBenchmark.EVENT_BYTES,
        List.of(),
        warmup,
        duration);
  }
}

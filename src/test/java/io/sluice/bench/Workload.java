package io.sluice.bench;

import io.sluice.cli.load.Load;
import io.sluice.cli.target.Protocol;
import io.sluice.cli.target.Target;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How a server is driven.
 *
 * @param protocol over TCP, several requests are on the way on a connection; else one
 * @param connections how many
 * @param batch events in a request
 * @param rate events a second; empty as many as get answered
 */
record Workload(String name, Protocol protocol, int connections, int batch, OptionalDouble rate) {
  private static final int TCP_AHEAD = 8;

  static Workload saturating(String name, Protocol protocol, int connections, int batch) {
    return new Workload(name, protocol, connections, batch, OptionalDouble.empty());
  }

  Workload at(double eventsPerSecond) {
    return new Workload(
        name + " half", protocol, connections, batch, OptionalDouble.of(eventsPerSecond));
  }

  Load against(Server server, Duration warmup, Duration duration) {
    return new Load(
        Target.of(server.url(protocol)),
        connections,
        protocol == Protocol.TCP ? TCP_AHEAD : 1,
        1,
        rate,
        batch,
        GatewayBenchmark.EVENT_BYTES,
        true,
        List.of(),
        warmup,
        duration);
  }
}

package io.sluice.bench;

import io.sluice.cli.load.LoadDriver;
import io.sluice.cli.load.LoadResult;
import io.sluice.cli.load.Probe;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One run against one server.
 *
 * @param microsPerEvent CPU time of the server, from the end of the warm-up until everything had
 *     arrived, by the events acknowledged since then
 */
record Measurement(
    double microsPerEvent, double eventsPerSecond, double p50, double p99, LoadResult result) {

  static Measurement of(Server server, Workload workload, Duration warmup, Duration duration)
      throws IOException, InterruptedException {
    AtomicReference<Duration> before = new AtomicReference<>(Duration.ZERO);
    LoadResult result =
        LoadDriver.run(
            workload.against(server, warmup, duration),
            new Probe() {
              @Override
              public void opened() {
                before.set(server.cpuTime());
              }

              @Override
              public void closed() {}
            });
    server.settle(result);
    Duration used = server.cpuTime().minus(before.get());
    return new Measurement(
        used.toNanos() / 1e3 / Math.max(1, result.eventsSinceOpened()),
        result.perSecond(result.events()),
        result.millisAt(50),
        result.millisAt(99),
        result);
  }
}

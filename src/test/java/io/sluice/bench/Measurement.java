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
 * @param compiling the part of that time that went to the just-in-time compilers, 0 to 1
 */
record Measurement(
    double microsPerEvent,
    double compiling,
    double eventsPerSecond,
    double p50,
    double p99,
    LoadResult result) {

  static Measurement of(Server server, Workload workload, Duration warmup, Duration duration)
      throws IOException, InterruptedException {
    AtomicReference<Duration> before = new AtomicReference<>(Duration.ZERO);
    AtomicReference<Duration> compiledBefore = new AtomicReference<>(Duration.ZERO);
    LoadResult result =
        LoadDriver.run(
            workload.against(server, warmup, duration),
            new Probe() {
              @Override
              public void opened() {
                before.set(ProcessTime.of(server.pid()));
                compiledBefore.set(ProcessTime.ofCompilers(server.pid()));
              }

              @Override
              public void closed() {}
            });
    server.settle(result);
    Duration used = ProcessTime.of(server.pid()).minus(before.get());
    Duration compiling = ProcessTime.ofCompilers(server.pid()).minus(compiledBefore.get());
    return new Measurement(
        used.toNanos() / 1e3 / Math.max(1, result.eventsSinceOpened()),
        Math.max(0, (double) compiling.toNanos() / Math.max(1, used.toNanos())),
        result.perSecond(result.events()),
        result.millisAt(50),
        result.millisAt(99),
        result);
  }
}

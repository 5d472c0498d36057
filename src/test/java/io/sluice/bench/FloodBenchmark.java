package io.sluice.bench;

import io.sluice.cli.load.Load;
import io.sluice.cli.load.LoadDriver;
import io.sluice.cli.load.LoadResult;
import io.sluice.cli.load.Probe;
import io.sluice.cli.target.Target;
import io.sluice.harness.GatewayProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What a flood by one client does to the latency of another: a polite one at a constant rate, alone
 * and beside a flood of many connections, one of large bodies, and one that keeps to a rate. A few
 * seconds each.
 *
 * <p>The flood is driven from this machine, too, and takes processor time of its own, which no
 * fairness of the gateway can give back.
 */
public final class FloodBenchmark {
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {"in": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/v1/events",
                          "to": "events",
                          "auth": {"type": "api-key", "keys": {"polite": "1", "flood": "2"}}%s}},
       "sinks": {"nothing": {"type": "discard", "from": "events"}}}
      """;
  private static final String QUOTA = ", \"quota\": {\"bytes\": \"2MiB\", \"burst\": \"1s\"}";

  private FloodBenchmark() {}

  /** Runs all. */
  public static void main(String[] args) throws Exception {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    for (String quota : List.of("", QUOTA)) {
      Path directory = Files.createTempDirectory("sluice-flood");
      try (GatewayProcess gateway =
          GatewayProcess.launched(directory, CONFIG.formatted(quota), launch()).start()) {
        Target target = Target.of(gateway.url("http", "/v1/events"));
        String what = quota.isEmpty() ? "no quota" : "quota of 2MiB/s each";
        LoadDriver.run(polite(target, 2), Probe.NONE);
        print(what + ", alone", LoadDriver.run(polite(target, seconds), Probe.NONE));
        beside(what + ", 200 connections", target, flood(target, 200, 1, 200, seconds), seconds);
        beside(what + ", bodies of 4 MB", target, flood(target, 16, 4000, 1000, seconds), seconds);
        beside(what + ", 2 MB/s in 100 requests", target, steady(target, seconds), seconds);
        print(what + ", alone again", LoadDriver.run(polite(target, seconds), Probe.NONE));
      }
    }
  }

  private static List<String> launch() {
    return List.of("-Xmx512m", "-cp", System.getProperty("java.class.path"), "io.sluice.app.Main");
  }

  private static Load polite(Target target, int seconds) {
    return load(target, "1", 4, OptionalDouble.of(100), 1, 200, seconds);
  }

  private static Load flood(Target target, int connections, int batch, int size, int seconds) {
    return load(target, "2", connections, OptionalDouble.empty(), batch, size, seconds + 1);
  }

  /** A flood that sends no faster than its quota lets it, whatever the answers. */
  private static Load steady(Target target, int seconds) {
    return load(target, "2", 16, OptionalDouble.of(10_000), 100, 200, seconds + 1);
  }

  private static Load load(
      Target target,
      String key,
      int connections,
      OptionalDouble rate,
      int batch,
      int size,
      int seconds) {
    return new Load(
        target,
        connections,
        1,
        1,
        rate,
        batch,
        size,
        true,
        List.of("X-Api-Key: " + key),
        Duration.ofMillis(500),
        Duration.ofSeconds(seconds));
  }

  private static void beside(String what, Target target, Load flood, int seconds) throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Callable<LoadResult> flooding = () -> LoadDriver.run(flood, Probe.NONE);
      Future<LoadResult> running = other.submit(flooding);
      LoadResult polite = LoadDriver.run(polite(target, seconds), Probe.NONE);
      print(what, polite);
      print("  the flood", running.get());
    } finally {
      other.shutdown();
    }
  }

  private static void print(String what, LoadResult result) throws IOException {
    System.out.printf(
        "%-44s p50 %7.1f ms  p99 %7.1f ms  %8.1f MB/s  %s%n",
        what,
        result.millisAt(50),
        result.millisAt(99),
        result.perSecond(result.bytes()) / 1e6,
        result.statuses());
  }
}

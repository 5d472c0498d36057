package io.sluice.bench;

import io.sluice.cli.load.Load;
import io.sluice.cli.load.LoadDriver;
import io.sluice.cli.load.LoadResult;
import io.sluice.cli.load.Probe;
import io.sluice.cli.target.Target;
import io.sluice.harness.ChildJvm;
import io.sluice.harness.GatewayProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a flood by one client does to the latency of another: a quiet one at a constant rate, alone
 * and beside floods of many small requests, of large bodies, and of either against a quota, each
 * over every protocol.
 *
 * <p>Arguments: seconds of each measurement (5), and words of which a flood's name must have one
 * (all). Every flood is a process of its own. Before each, the gateway is warmed up by it until its
 * compilers rest.
 *
 * <p>Only what happens in the gateway is to be seen, so nobody may take its processor, nor that of
 * the quiet client. Where the machine has two processors and {@code taskset}, the gateway has the
 * first to itself; quiet client and flood share the second, where the quiet one goes first: to be
 * started with {@code nice -n -15 taskset -c 1 java …}, and the flood's nice value is 19 then.
 */
public final class FloodBenchmark {
  private static final Duration START = Duration.ofSeconds(3);
  private static final Duration TURN = Duration.ofSeconds(8);
  private static final int TURNS = 10;

  /** The gateway is warm when its compilers take less than this part of its time. */
  private static final double WARM = 0.03;

  private static final int QUIET_RATE = 200;
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {
         "in":      {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/v1/events",
                     "accept": "json", "to": "events", "auth": {{KEYS}}},
         "limited": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/v1/limited",
                     "accept": "json", "to": "events", "auth": {{KEYS}},
                     "quota": {"events": 500, "bytes": "2MiB", "burst": "1s"}},
         "live":    {"type": "websocket", "listen": "127.0.0.1:{{http}}", "path": "/v1/live",
                     "accept": "json", "to": "events", "auth": {{KEYS}}},
         "calm":    {"type": "tcp", "listen": "127.0.0.1:{{calm}}", "accept": "json",
                     "receipts": true, "to": "events"},
         "lines":   {"type": "tcp", "listen": "127.0.0.1:{{lines}}", "accept": "json",
                     "receipts": true, "to": "events"}
       },
       "sinks": {"nothing": {"type": "discard", "from": "events"}}}
      """
          .replace(
              "{{KEYS}}",
              "{\"type\": \"api-key\", \"keys\": {\"quiet\": \"1\", \"flood\": \"2\"}}");

  /**
   * A flood.
   *
   * @param quiet where the quiet client sends to
   * @param to where the flood does
   */
  private record Flood(
      String name, String quiet, String to, int connections, int batch, int size) {}

  private static final List<Flood> FLOODS =
      List.of(
          new Flood("http small", "http", "http", 200, 1, 200),
          new Flood("http 4MB", "http", "http", 16, 4000, 1000),
          new Flood("quota small", "limited", "limited", 200, 1, 200),
          new Flood("quota 4MB", "limited", "limited", 16, 4000, 1000),
          new Flood("ws small", "ws", "ws", 200, 1, 200),
          new Flood("ws 64KB", "ws", "ws", 200, 1, 64_000),
          new Flood("tcp small", "calm", "lines", 200, 1, 200),
          new Flood("tcp 1MB", "calm", "lines", 32, 1000, 1000));

  private FloodBenchmark() {}

  /** Runs all. */
  public static void main(String[] args) throws Exception {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    List<String> words = List.of(args).subList(Math.min(1, args.length), args.length);
    List<Flood> floods =
        FLOODS.stream()
            .filter(f -> words.isEmpty() || words.stream().anyMatch(f.name()::contains))
            .toList();
    Path directory = Files.createTempDirectory("sluice-flood");
    List<String> launch =
        List.of(
            "-Xmx512m",
            "-XX:ActiveProcessorCount=2",
            "-cp",
            ChildJvm.classPath(),
            "io.sluice.app.Main");
    try (GatewayProcess gateway = GatewayProcess.launched(directory, CONFIG, launch).start()) {
      System.out.printf("%-12s %26s %26s %7s  flood%n", "", "alone", "beside the flood", "p99");
      for (Flood flood : floods) {
        measure(gateway, flood, seconds);
      }
      gateway.stop();
    } finally {
      delete(directory);
    }
  }

  private static void measure(GatewayProcess gateway, Flood flood, int seconds) throws Exception {
    Load load = quiet(url(gateway, flood.quiet()), seconds);
    String cpu = "";
    Path log = gateway.directory().resolve("flood.log");
    Files.deleteIfExists(log);
    LoadResult beside;
    warmUp(gateway, flood);
    try (ChildJvm child = flood(gateway, flood, START.plusSeconds(seconds).plusMillis(2500), log)) {
      LockSupport.parkNanos(START.toNanos());
      LoadDriver.run(quiet(url(gateway, flood.quiet()), 1), Probe.NONE);
      Duration before = ProcessTime.of(gateway.pid());
      beside = LoadDriver.run(load, Probe.NONE);
      Duration took = ProcessTime.of(gateway.pid()).minus(before);
      cpu = "cpu %d %%".formatted(took.toMillis() * 100 / (seconds * 1000L));
      child.exitCode(Duration.ofSeconds(30));
    }
    LoadResult alone = LoadDriver.run(load, Probe.NONE);
    System.out.printf(
        "%-12s p50 %6.1f p99 %6.1f ms    p50 %6.1f p99 %6.1f ms   %5.1fx  %s %s%n",
        flood.name(),
        alone.millisAt(50),
        alone.millisAt(99),
        beside.millisAt(50),
        beside.millisAt(99),
        beside.millisAt(99) / alone.millisAt(99),
        said(log),
        cpu);
  }

  /** The rate of what was taken, and the answers. */
  private static String said(Path log) throws IOException {
    String all = Files.readString(log).replaceAll("\\s+", " ");
    return all.length() > 400 ? all.substring(0, 400) : all;
  }

  private static Load quiet(String url, int seconds) {
    return new Load(
        Target.of(URI.create(url)),
        32,
        1,
        1,
        OptionalDouble.of(QUIET_RATE),
        1,
        200,
        true,
        url.startsWith("tcp") ? List.of() : List.of("X-Api-Key: 1"),
        Duration.ofMillis(500),
        Duration.ofSeconds(seconds));
  }

  private static String url(GatewayProcess gateway, String to) {
    return switch (to) {
      case "http" -> "http://127.0.0.1:" + gateway.port("http") + "/v1/events";
      case "limited" -> "http://127.0.0.1:" + gateway.port("http") + "/v1/limited";
      case "ws" -> "ws://127.0.0.1:" + gateway.port("http") + "/v1/live";
      default -> "tcp://127.0.0.1:" + gateway.port(to);
    };
  }

  private static ChildJvm flood(GatewayProcess gateway, Flood flood, Duration time, Path log) {
    List<String> command = new ArrayList<>(pinned() ? List.of("nice", "-n", "34") : List.of());
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-cp",
            ChildJvm.classPath(),
            "io.sluice.app.Main",
            "bench",
            "--json",
            "--to",
            url(gateway, flood.to()),
            "--connections",
            Integer.toString(flood.connections()),
            "--batch",
            Integer.toString(flood.batch()),
            "--size",
            Integer.toString(flood.size()),
            "--warmup",
            "1s",
            "--duration",
            time.toMillis() + "ms"));
    if (!flood.to().equals("lines")) {
      command.addAll(List.of("--header", "X-Api-Key: 2"));
    }
    return ChildJvm.of(gateway.directory(), log, command);
  }

  /**
   * Floods until the gateway's compilers rest, with all processors, and then gives the gateway its
   * own: sharing that one with its compilers it would be slow to everybody.
   */
  private static void warmUp(GatewayProcess gateway, Flood flood) throws Exception {
    run(gateway, "0-1");
    boolean warm = false;
    for (int turn = 0; turn < TURNS && !warm; turn++) {
      Duration all = ProcessTime.of(gateway.pid());
      Duration compiling = ProcessTime.ofCompilers(gateway.pid());
      try (ChildJvm child = flood(gateway, flood, TURN, gateway.directory().resolve("warm.log"))) {
        LoadDriver.run(quiet(url(gateway, flood.quiet()), (int) TURN.toSeconds()), Probe.NONE);
        child.exitCode(Duration.ofSeconds(30));
      }
      warm =
          ProcessTime.ofCompilers(gateway.pid()).minus(compiling).toNanos()
              < WARM * ProcessTime.of(gateway.pid()).minus(all).toNanos();
    }
    run(gateway, "0");
  }

  private static void run(GatewayProcess gateway, String processors) throws Exception {
    if (pinned()) {
      new ProcessBuilder("taskset", "-acp", processors, Long.toString(gateway.pid()))
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(5, TimeUnit.SECONDS);
    }
  }

  private static boolean pinned() {
    return Runtime.getRuntime().availableProcessors() == 1;
  }

  private static void delete(Path directory) throws IOException {
    try (var all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

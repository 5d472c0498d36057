package io.sluice.bench;

import io.sluice.cli.target.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an event costs the gateway (checked, kept, forced to disk, answered, and written by a file
 * sink), as a multiple of what it costs bare Vert.x to answer 204.
 *
 * <p>Both run side by side as processes of their own and are driven in turn, so that a machine that
 * slows down slows both. Every acknowledged event is looked for in the sink's files. Arguments:
 * rounds (default 5), seconds of a measurement (8), seconds of a turn of warm-up (8), and the jar
 * ({@code target/sluice.jar}). A server is warmed up for a workload until its compilers take next
 * to nothing of its time, which is a minute or more for a gateway; what they still took is printed.
 *
 * <p>Exit code 0 when every event arrived once, whatever the figures.
 */
final class GatewayBenchmark {
  static final int EVENT_BYTES = 200;
  private static final int LINES = 500;

  /** Messages of a WebSocket connection that arrive together. */
  private static final int FRAMES = 16;

  private static final int CONNECTIONS = 64;
  private static final int TCP_CONNECTIONS = 8;
  private static final double NO_TARGET = Double.NaN;
  private static final Duration SETTLING = Duration.ofSeconds(2);
  private static final int WARMUPS = 10;

  /** A server is warm when its compilers take less than this part of its time. */
  private static final double WARM = 0.03;

  private static final List<String> OPTIONS = List.of("-Xms1g", "-Xmx1g");

  private final int rounds;
  private final Duration duration;
  private final Duration warmup;
  private final Server bare;
  private final GatewayUnderTest gateway;
  private final List<String> table = new ArrayList<>();

  private GatewayBenchmark(
      int rounds, Duration duration, Duration warmup, Server bare, GatewayUnderTest gateway) {
    this.rounds = rounds;
    this.duration = duration;
    this.warmup = warmup;
    this.bare = bare;
    this.gateway = gateway;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    Duration duration = Duration.ofSeconds(args.length > 1 ? Integer.parseInt(args[1]) : 8);
    Duration warmup = Duration.ofSeconds(args.length > 2 ? Integer.parseInt(args[2]) : 8);
    Path jar = Path.of(args.length > 3 ? args[3] : "target/sluice.jar");
    Path directory = Files.createTempDirectory(Path.of("target"), "bench").toAbsolutePath();
    try (Server bare = BareProcess.start(directory, OPTIONS);
        GatewayUnderTest gateway = GatewayUnderTest.start(directory, jar, OPTIONS)) {
      new GatewayBenchmark(rounds, duration, warmup, bare, gateway).run();
    } finally {
      delete(directory);
    }
  }

  private void run() throws IOException, InterruptedException {
    System.out.printf(
        "%d processors, Java %s, %s %s; %d rounds of %d s, processes not pinned%n",
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        rounds,
        duration.toSeconds());

    Workload h1 = Workload.saturating("H1", Protocol.HTTP, CONNECTIONS, 1);
    Series bareH1 = new Series("H1 bare");
    Series h1d = new Series("H1D");
    alternate(h1, h1, bareH1, h1d);
    double b = bareH1.micros();
    table.add(bareH1.row(b, NO_TARGET));
    table.add(h1d.row(b, 2.1));

    Series bareHalf = new Series("H1 bare, half");
    Series h1dHalf = new Series("H1D, half (p99 <= 10)");
    alternate(
        h1.at(bareH1.eventsPerSecond() / 2), h1.at(h1d.eventsPerSecond() / 2), bareHalf, h1dHalf);
    table.add(bareHalf.row(b, NO_TARGET));
    table.add(h1dHalf.row(b, 4));

    Workload h2 = Workload.saturating("H2", Protocol.HTTP, CONNECTIONS, LINES);
    Series bareH2 = new Series("H2 bare");
    Series h2d = new Series("H2D");
    alternate(h2, h2, bareH2, h2d);
    table.add(bareH2.row(b, NO_TARGET));
    table.add(h2d.row(b, 0.085));

    Workload t1 = Workload.saturating("T1", Protocol.TCP, TCP_CONNECTIONS, LINES);
    Series bareT1 = new Series("T1 bare");
    Series t1d = new Series("T1D");
    alternate(t1, t1, bareT1, t1d);
    table.add(bareT1.row(b, NO_TARGET));
    table.add(t1d.row(b, 0.06));

    Workload w1 = Workload.saturating("W1", Protocol.WEBSOCKET, CONNECTIONS, 1);
    Series bareW1 = new Series("W1 bare");
    Series w1d = new Series("W1D");
    alternate(w1, w1, bareW1, w1d);
    table.add(bareW1.row(b, NO_TARGET));
    table.add(w1d.row(b, 0.65));

    Workload together = Workload.saturating("W1 together", Protocol.WEBSOCKET, CONNECTIONS, FRAMES);
    Series bareTogether = new Series("W1 bare, together");
    Series w1dTogether = new Series("W1D, together");
    alternate(together, together, bareTogether, w1dTogether);
    table.add(bareTogether.row(b, NO_TARGET));
    table.add(w1dTogether.row(b, 0.15));

    System.out.printf(
        "%n%-24s %8s %8s  %-16s %11s %9s%n", "", "us/event", "x B", "target", "events/s", "p99 ms");
    table.forEach(System.out::println);
    System.out.printf(
        "%,d events acknowledged, every one in the sink's files, none twice%n",
        gateway.acknowledged());
  }

  private void alternate(Workload onBare, Workload onGateway, Series bares, Series gateways)
      throws IOException, InterruptedException {
    warmUp(time -> onBare(onBare, time));
    warmUp(time -> onGateway(onGateway, time));
    for (int round = 0; round < rounds; round++) {
      bares.add(onBare(onBare, duration));
      gateways.add(onGateway(onGateway, duration));
    }
  }

  private void warmUp(Drive drive) throws IOException, InterruptedException {
    for (int turn = 0; turn < WARMUPS; turn++) {
      if (drive.during(warmup).compiling() < WARM) {
        return;
      }
    }
  }

  private Measurement onBare(Workload workload, Duration time)
      throws IOException, InterruptedException {
    return Measurement.of(bare, workload, SETTLING, time);
  }

  private Measurement onGateway(Workload workload, Duration time)
      throws IOException, InterruptedException {
    Measurement measured = Measurement.of(gateway, workload, SETTLING, time);
    gateway.verify(measured.result());
    return measured;
  }

  /** Drives a server for a while. */
  private interface Drive {
    Measurement during(Duration time) throws IOException, InterruptedException;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

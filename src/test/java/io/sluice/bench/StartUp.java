package io.sluice.bench;

import io.sluice.harness.ChildJvm;
import io.sluice.harness.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long an image's gateway takes from nothing to ready with an empty journal, with its start-up
 * cache and without. Argument: the directory that {@code k8s/image/build} wrote, and how many
 * starts of each (10).
 */
final class StartUp {
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:ADMIN"},
       "sources": {"app": {"type": "http", "listen": "127.0.0.1:HTTP", "path": "/v1/events",
                           "to": "events"}},
       "sinks": {"archive": {"type": "file", "from": "events", "path": "out/events.ndjson"}}}
      """;

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();
  private static final List<String> CACHES = List.of("SharedArchiveFile", "AOTCache");

  /** One start. Milliseconds. */
  private record Start(long wall, long cpu) {}

  private final Path app;
  private final Path directory;
  private final int admin = FreePorts.next();

  private StartUp(Path app, Path directory) throws IOException {
    this.app = app;
    this.directory = directory;
    Files.writeString(
        directory.resolve("sluice.json"),
        CONFIG
            .replace("ADMIN", Integer.toString(admin))
            .replace("HTTP", Integer.toString(FreePorts.next())));
  }

  public static void main(String[] args) throws IOException {
    Path app = Path.of(args[0]).resolve("root/opt/sluice").toAbsolutePath();
    int starts = args.length > 1 ? Integer.parseInt(args[1]) : 10;
    StartUp startUp = new StartUp(app, Files.createTempDirectory("start-up"));
    List<Start> with = new ArrayList<>();
    List<Start> without = new ArrayList<>();
    for (int i = 0; i < starts; i++) {
      with.add(startUp.start(true, i));
      without.add(startUp.start(false, i));
    }
    print("with its cache", with);
    print("without", without);
  }

  private static void print(String how, List<Start> starts) {
    System.out.printf(
        "%-15s ready after %4d ms (median of %d; %d to %d), %4d ms of CPU%n",
        how,
        median(starts.stream().map(Start::wall).sorted().toList()),
        starts.size(),
        starts.stream().mapToLong(Start::wall).min().orElseThrow(),
        starts.stream().mapToLong(Start::wall).max().orElseThrow(),
        median(starts.stream().map(Start::cpu).sorted().toList()));
  }

  private static long median(List<Long> sorted) {
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private Start start(boolean cached, int round) throws IOException {
    List<String> command = new ArrayList<>(List.of(app.resolve("jre/bin/java").toString()));
    Files.readAllLines(app.resolve("jvm.options")).stream()
        .filter(line -> line.startsWith("-"))
        .filter(line -> cached || CACHES.stream().noneMatch(line::contains))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-jar",
            "sluice.jar",
            "run",
            "--config=" + directory.resolve("sluice.json"),
            "--data=" + directory.resolve("data-" + cached + "-" + round)));
    long begun = System.nanoTime();
    try (ChildJvm gateway = ChildJvm.of(app, directory.resolve("log"), command)) {
      while (!ready()) {
        if (!gateway.alive() || System.nanoTime() - begun > PATIENCE.toNanos()) {
          throw new IllegalStateException(gateway.output());
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
      long wall = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      long cpu = ProcessTime.of(gateway.pid()).toMillis();
      gateway.stop(PATIENCE);
      return new Start(wall, cpu);
    }
  }

  private boolean ready() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), admin)) {
      socket.setSoTimeout(1000);
      socket
          .getOutputStream()
          .write(
              "GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      byte[] head = socket.getInputStream().readNBytes(12);
      return new String(head, StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
    } catch (IOException notYet) {
      return false;
    }
  }
}

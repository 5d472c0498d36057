package io.sluice.bench;

import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import io.sluice.event.Refusal;
import io.sluice.harness.GatewayProcess;
import io.sluice.journal.Appended;
import io.sluice.journal.Commits;
import io.sluice.journal.Journal;
import io.sluice.journal.JournalOptions;
import io.sluice.journal.Sync;
import io.sluice.source.poll.directory.LargeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * How fast a file goes through a gateway, beside the same bytes through the journal alone. Takes
 * the size in MiB.
 */
public final class DirectoryThroughput {
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {"logs": {"type": "directory", "path": "in/*.log", "every": "50ms", "to": "logs"}},
       "streams": {"logs": {"sync": "always"}},
       "sinks": {"out": SINK}}
      """;

  private DirectoryThroughput() {}

  /** Measures, twice each, and prints MiB a second. */
  public static void main(String[] args) throws Exception {
    int size = args.length > 0 ? Integer.parseInt(args[0]) : 2048;
    Path directory = Files.createTempDirectory("directory-throughput");
    try {
      Path file = directory.resolve("large.log");
      long lines = LargeFile.write(file, size);
      for (int round = 0; round < 2; round++) {
        double journal = size / journal(file, directory.resolve("journal" + round));
        double discard =
            size
                / gateway(
                    file,
                    lines,
                    directory.resolve("d" + round),
                    "{\"type\": \"discard\", \"from\": \"logs\"}");
        double sink =
            size
                / gateway(
                    file,
                    lines,
                    directory.resolve("f" + round),
                    "{\"type\": \"file\", \"from\": \"logs\", \"path\": \"out.log\"}");
        System.out.printf(
            "%d MiB: journal alone %.0f MiB/s; gateway to discard %.0f (%.2f), to a file %.0f"
                + " (%.2f)%n",
            size, journal, discard, journal / discard, sink, journal / sink);
      }
    } finally {
      clear(directory);
    }
  }

  /** Seconds until the last batch is forced to disk. */
  private static double journal(Path file, Path directory) throws Exception {
    Semaphore free = new Semaphore(16);
    Commits commits =
        new Commits() {
          @Override
          public void committed(List<Appended> group) {
            free.release(group.size());
          }

          @Override
          public void refused(List<Appended> group, Refusal why) {
            throw new IllegalStateException("refused: " + why);
          }

          @Override
          public void failed(List<Appended> group, IOException cause) {
            throw new IllegalStateException(cause);
          }
        };
    Files.createDirectories(directory);
    long began = System.nanoTime();
    Journal journal =
        Journal.open(directory, JournalOptions.DEFAULTS.withSync(Sync.ALWAYS), commits);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] rest = {};
      for (byte[] read = in.readNBytes(256 << 10);
          read.length > 0;
          read = in.readNBytes(256 << 10)) {
        byte[] region = Arrays.copyOf(rest, rest.length + read.length);
        System.arraycopy(read, 0, region, rest.length, read.length);
        int[] bounds = new int[region.length / 50];
        int bound = 0;
        int start = 0;
        for (int at = 0; at < region.length; at++) {
          if (region[at] == '\n') {
            bounds[bound++] = start;
            bounds[bound++] = at;
            start = at + 1;
          }
        }
        rest = Arrays.copyOfRange(region, start, region.length);
        free.acquire();
        journal.append(
            Batch.of(
                region,
                Arrays.copyOf(bounds, bound),
                true,
                new Origin("logs", Origin.ANONYMOUS, "text/plain", Instant.now()),
                Columns.NONE),
            commits);
        journal.release(journal.next());
      }
    }
    free.acquire(16);
    double seconds = (System.nanoTime() - began) / 1e9;
    journal.close();
    clear(directory);
    return seconds;
  }

  /** Seconds until the sink has the last line, from the moment the file is there. */
  private static double gateway(Path file, long lines, Path directory, String sink)
      throws IOException {
    Path in = Files.createDirectories(directory.resolve("in"));
    List<String> launch =
        List.of("-Xmx512m", "-cp", System.getProperty("java.class.path"), "io.sluice.app.Main");
    try (GatewayProcess gateway =
        GatewayProcess.launched(directory, CONFIG.replace("SINK", sink), launch).start()) {
      long began = System.nanoTime();
      Files.createLink(in.resolve("large.log"), file);
      while (delivered(gateway) < lines) {
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      gateway.stop();
      return seconds;
    } finally {
      clear(directory);
    }
  }

  private static double delivered(GatewayProcess gateway) {
    return gateway
        .get("/metrics")
        .lines()
        .filter(line -> line.startsWith("sluice_events_total{sink=\"out\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static void clear(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

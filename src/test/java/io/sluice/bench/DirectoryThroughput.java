package io.sluice.bench;

import io.sluice.harness.ChildJvm;
import io.sluice.harness.GatewayProcess;
import io.sluice.harness.ProcessMemory;
import io.sluice.source.poll.directory.LargeFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * How fast a large file, and a directory of many small ones, go through a gateway, beside the same
 * bytes through the journal alone; both force what they count, both have read something before, and
 * what is read lies on disk and not only in memory. Takes the size of the large file in MiB, how
 * many small files there are, and where to work: with four times the large file free.
 */
public final class DirectoryThroughput {
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {"logs": {"type": "directory", "path": "in/*/*.log", "every": "50ms", "to": "logs"}},
       "streams": {"logs": {"sync": "always"}},
       "sinks": {"out": SINK}}
      """;

  private static final String DISCARD = "{\"type\": \"discard\", \"from\": \"logs\"}";
  private static final String TO_FILE =
      "{\"type\": \"file\", \"from\": \"logs\", \"path\": \"out.log\"}";

  private static final int WARM_MIB = 32;
  private static final int LINES_OF_SMALL = 80;
  private static final int ROUNDS = 2;

  private DirectoryThroughput() {}

  /** Files in a directory. */
  private record Load(Path directory, double mebibytes, long lines) {}

  /** What a gateway came to. */
  private record Passed(double seconds, long resident, double forces) {}

  /** Measures, twice each, and prints. */
  public static void main(String[] args) throws Exception {
    int size = args.length > 0 ? Integer.parseInt(args[0]) : 2048;
    int files = args.length > 1 ? Integer.parseInt(args[1]) : 10_000;
    Path at = args.length > 2 ? Path.of(args[2]) : Path.of(System.getProperty("java.io.tmpdir"));
    Path directory = Files.createTempDirectory(at, "directory-throughput");
    try {
      Load warm = large(directory.resolve("warm"), WARM_MIB);
      if (size > 0) {
        measure(size + " MiB in one file", large(directory.resolve("large"), size), warm);
      }
      if (files > 0) {
        Load small = small(directory.resolve("small"), files);
        measure("%.0f MiB in %d files".formatted(small.mebibytes(), files), small, warm);
      }
    } finally {
      clear(directory);
    }
  }

  private static void measure(String what, Load load, Load warm) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      double alone = load.mebibytes() / journal(load, warm);
      System.out.printf("%s: journal alone %.0f MiB/s%n", what, alone);
      print("discarded", load, gateway(load, warm, DISCARD), alone);
      print("to a file", load, gateway(load, warm, TO_FILE), alone);
    }
    clear(load.directory());
  }

  private static void print(String sink, Load load, Passed passed, double alone) {
    double rate = load.mebibytes() / passed.seconds();
    System.out.printf(
        "  %s: %.0f MiB/s, %.2f times slower; %.2f MiB a force, %d MiB resident%n",
        sink,
        rate,
        alone / rate,
        (load.mebibytes() + WARM_MIB) / passed.forces(),
        passed.resident() >> 20);
  }

  private static double journal(Load load, Load warm) throws Exception {
    Path directory = load.directory().resolveSibling("journal");
    Files.createDirectories(directory);
    try (JournalAlone journal = new JournalAlone(directory)) {
      try (InputStream in = cat(warm)) {
        journal.seconds(in);
      }
      try (InputStream in = cat(load)) {
        return journal.seconds(in);
      }
    } finally {
      clear(directory);
    }
  }

  /** All files, one behind the other, each open only while it is read. */
  @SuppressWarnings("JdkObsolete") // SequenceInputStream takes nothing else
  private static InputStream cat(Load load) throws IOException {
    try (Stream<Path> files = Files.list(load.directory())) {
      Iterator<InputStream> each =
          files.sorted().toList().stream().map(DirectoryThroughput::open).iterator();
      return new SequenceInputStream(
          new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
              return each.hasNext();
            }

            @Override
            public InputStream nextElement() {
              return each.next();
            }
          });
    }
  }

  private static InputStream open(Path file) {
    try {
      return Files.newInputStream(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** From the moment the files are there until the sink has the last line. */
  private static Passed gateway(Load load, Load warm, String sink) throws IOException {
    Path directory = load.directory().resolveSibling("gateway");
    Path in = Files.createDirectories(directory.resolve("in"));
    List<String> launch = List.of("-Xmx512m", "-cp", ChildJvm.classPath(), "io.sluice.app.Main");
    try (GatewayProcess gateway =
        GatewayProcess.launched(directory, CONFIG.replace("SINK", sink), launch).start()) {
      pass(gateway, warm, in, 0);
      double seconds = pass(gateway, load, in, warm.lines());
      double forces = metric(gateway, "sluice_journal_force_seconds_count");
      long resident = ProcessMemory.of(gateway.pid()).resident();
      gateway.stop();
      return new Passed(seconds, resident, forces);
    } finally {
      clear(directory);
    }
  }

  private static double pass(GatewayProcess gateway, Load load, Path in, long before)
      throws IOException {
    Path there = in.resolve(load.directory().getFileName());
    long began = System.nanoTime();
    Files.move(load.directory(), there);
    while (metric(gateway, "sluice_events_total{sink=\"out\"") < before + load.lines()) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    Files.move(there, load.directory());
    return seconds;
  }

  private static double metric(GatewayProcess gateway, String start) {
    return gateway
        .get("/metrics")
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static Load large(Path directory, int mebibytes) throws IOException {
    Files.createDirectories(directory);
    Path file = directory.resolve("large.log");
    long lines = LargeFile.write(file, mebibytes);
    force(file);
    return new Load(directory, Files.size(file) / 1048576.0, lines);
  }

  private static Load small(Path directory, int files) throws IOException {
    Files.createDirectories(directory);
    byte[] line = new byte[LargeFile.LINE];
    Arrays.fill(line, (byte) 'x');
    line[line.length - 1] = '\n';
    for (int i = 0; i < files; i++) {
      Path file = directory.resolve("%06d.log".formatted(i));
      Files.writeString(file, "%012d\n".formatted(i));
      try (FileChannel out = FileChannel.open(file, StandardOpenOption.APPEND)) {
        for (int n = 1; n < LINES_OF_SMALL; n++) {
          out.write(ByteBuffer.wrap(line));
        }
      }
    }
    try (Stream<Path> all = Files.list(directory)) {
      for (Path file : all.toList()) {
        force(file);
      }
    }
    double bytes = (double) files * (13 + (LINES_OF_SMALL - 1) * LargeFile.LINE);
    return new Load(directory, bytes / 1048576, (long) files * LINES_OF_SMALL);
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void clear(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

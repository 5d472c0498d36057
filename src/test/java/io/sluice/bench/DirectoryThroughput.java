package io.sluice.bench;

import io.sluice.harness.ChildJvm;
import io.sluice.harness.GatewayProcess;
import io.sluice.harness.ProcessMemory;
import io.sluice.source.poll.directory.LargeFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * How fast a large file, and a directory of many small ones, go through a gateway, beside the same
 * bytes through the journal alone; both force what they count, and what is read lies on disk and
 * not only in memory. Both have read files of the same kind before, until the gateway's compilers
 * rest; then they read the same files in turn, other ones in each round. Takes the size of the
 * large file in MiB, how many small files there are, and where to work: with four times the large
 * file free.
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

  private static final String FORCES = "sluice_journal_force_seconds_count";
  private static final int WARM_MIB = 32;
  private static final int LINES_OF_SMALL = 80;

  /** What is read in all rounds, and how many they are at most. */
  private static final int ALL_MIB = 2048;

  private static final int ROUNDS = 5;

  /** The gateway is warm when its compilers take less than this part of its time. */
  private static final double WARM = 0.05;

  private static final int TURNS = 20;

  /** No two files begin alike: what has the inode of one that was read is not taken for it. */
  private static int made;

  private DirectoryThroughput() {}

  /** Files in a directory. */
  private record Load(Path directory, double mebibytes, long lines) {}

  /** How to make files of one kind, of so many MiB. */
  private interface Kind {
    Load make(Path directory, int mebibytes) throws IOException;
  }

  /** Measures and prints. */
  public static void main(String[] args) throws Exception {
    int size = args.length > 0 ? Integer.parseInt(args[0]) : 2048;
    int files = args.length > 1 ? Integer.parseInt(args[1]) : 10_000;
    Path at = args.length > 2 ? Path.of(args[2]) : Path.of(System.getProperty("java.io.tmpdir"));
    Path directory = Files.createTempDirectory(at, "directory-throughput");
    try {
      if (size > 0) {
        measure(directory, size + " MiB in one file", DirectoryThroughput::large, size);
      }
      if (files > 0) {
        int mebibytes = (int) (((long) files * LINES_OF_SMALL * LargeFile.LINE) >> 20);
        String what = mebibytes + " MiB in " + files + " files";
        measure(directory, what, DirectoryThroughput::small, mebibytes);
      }
    } finally {
      clear(directory);
    }
  }

  private static void measure(Path directory, String what, Kind kind, int mebibytes)
      throws Exception {
    System.out.println(what);
    measure(directory.resolve("discarding"), "discarded", DISCARD, kind, mebibytes);
    measure(directory.resolve("writing"), "to a file", TO_FILE, kind, mebibytes);
  }

  private static void measure(Path directory, String what, String sink, Kind kind, int mebibytes)
      throws Exception {
    Files.createDirectories(directory.resolve("in"));
    List<String> launch = List.of("-Xmx512m", "-cp", ChildJvm.classPath(), "io.sluice.app.Main");
    try (GatewayProcess gateway =
        GatewayProcess.launched(directory, CONFIG.replace("SINK", sink), launch).start()) {
      long lines = warmUp(gateway, kind);
      List<Double> ratios = new ArrayList<>();
      int rounds = Math.max(1, Math.min(ROUNDS, ALL_MIB / mebibytes));
      for (int round = 0; round < rounds; round++) {
        Load load = kind.make(directory.resolve("load" + round), mebibytes);
        force(load);
        double alone = load.mebibytes() / journal(load);
        double forced = metric(gateway, FORCES);
        double rate = load.mebibytes() / pass(gateway, load, lines);
        double each = load.mebibytes() / (metric(gateway, FORCES) - forced);
        lines += load.lines();
        ratios.add(alone / rate);
        System.out.printf(
            "  %s: journal alone %.0f MiB/s, gateway %.0f MiB/s, %.2f times slower;"
                + " %.2f MiB a force, %d MiB resident%n",
            what,
            alone,
            rate,
            alone / rate,
            each,
            ProcessMemory.of(gateway.pid()).resident() >> 20);
      }
      Collections.sort(ratios);
      System.out.printf("  %s: median %.2f times slower%n", what, ratios.get(ratios.size() / 2));
      gateway.stop();
    } finally {
      clear(directory);
    }
  }

  /** How many lines the gateway has taken until its compilers rest. */
  private static long warmUp(GatewayProcess gateway, Kind kind) throws Exception {
    long lines = 0;
    boolean warm = false;
    for (int turn = 0; turn < TURNS && !warm; turn++) {
      Load load = kind.make(gateway.directory().resolve("warm" + turn), WARM_MIB);
      journal(load);
      Duration before = ProcessTime.of(gateway.pid());
      Duration compiled = ProcessTime.ofCompilers(gateway.pid());
      pass(gateway, load, lines);
      lines += load.lines();
      long used = ProcessTime.of(gateway.pid()).minus(before).toNanos();
      warm = ProcessTime.ofCompilers(gateway.pid()).minus(compiled).toNanos() < WARM * used;
    }
    return lines;
  }

  private static double journal(Load load) throws Exception {
    Path directory = Files.createDirectories(load.directory().resolveSibling("journal"));
    try (JournalAlone journal = new JournalAlone(directory);
        InputStream in = cat(load)) {
      return journal.seconds(in);
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

  /** Seconds from the moment the files are there until the sink has the last line. */
  private static double pass(GatewayProcess gateway, Load load, long before) throws IOException {
    Path there = gateway.directory().resolve("in").resolve(load.directory().getFileName());
    long began = System.nanoTime();
    Files.move(load.directory(), there);
    while (metric(gateway, "sluice_events_total{sink=\"out\"") < before + load.lines()) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    clear(there);
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
    long lines = LargeFile.write(file, made, mebibytes);
    made += mebibytes;
    return new Load(directory, Files.size(file) / 1048576.0, lines);
  }

  private static Load small(Path directory, int mebibytes) throws IOException {
    Files.createDirectories(directory);
    int files = (mebibytes << 20) / (LINES_OF_SMALL * LargeFile.LINE);
    byte[] line = new byte[LargeFile.LINE];
    Arrays.fill(line, (byte) 'x');
    line[line.length - 1] = '\n';
    long bytes = 0;
    for (int i = 0; i < files; i++) {
      Path file = directory.resolve("%06d.log".formatted(i));
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
        // No two directories begin alike, so that an inode that is used again is not taken for
        // read.
        out.write("%s %012d\n".formatted(directory, i).getBytes(StandardCharsets.UTF_8));
        for (int n = 1; n < LINES_OF_SMALL; n++) {
          out.write(line);
        }
      }
      bytes += Files.size(file);
    }
    return new Load(directory, bytes / 1048576.0, (long) files * LINES_OF_SMALL);
  }

  private static void force(Load load) throws IOException {
    try (Stream<Path> files = Files.list(load.directory())) {
      for (Path file : files.toList()) {
        force(file);
      }
    }
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

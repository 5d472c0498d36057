package io.sluice.bench;

import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import io.sluice.event.Refusal;
import io.sluice.journal.Appended;
import io.sluice.journal.Commits;
import io.sluice.journal.Journal;
import io.sluice.journal.JournalOptions;
import io.sluice.journal.Sync;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What a batch costs from append to commit, the disk's own time left out by {@code never}. An
 * operation is a batch; 64 of them are in flight.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class JournalAppendBenchmark implements Commits {
  private static final int BATCHES = 1024;
  private static final int IN_FLIGHT = 64;

  @Param({"1", "500"})
  public int events;

  @Param({"never", "always"})
  public String sync;

  private final Semaphore free = new Semaphore(IN_FLIGHT);
  private Path directory;
  private Journal journal;
  private Batch batch;

  @Setup(Level.Trial)
  public void open() throws IOException {
    directory = Files.createTempDirectory("journal-benchmark");
    JournalOptions options =
        JournalOptions.DEFAULTS.withSync(sync.equals("never") ? Sync.NEVER : Sync.ALWAYS);
    journal = Journal.open(directory, options, this);
    byte[] region = (("x".repeat(199) + "\n").repeat(events)).getBytes(StandardCharsets.UTF_8);
    int[] bounds = new int[2 * events];
    for (int i = 0; i < events; i++) {
      bounds[2 * i] = 200 * i;
      bounds[2 * i + 1] = 200 * i + 199;
    }
    Origin origin = new Origin("app", Origin.ANONYMOUS, "application/json", Instant.now());
    batch = Batch.of(region, bounds, true, origin, Columns.NONE);
  }

  @TearDown(Level.Trial)
  public void close() throws IOException {
    journal.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(BATCHES)
  public void append() throws InterruptedException {
    for (int i = 0; i < BATCHES; i++) {
      free.acquire();
      journal.append(batch, this);
    }
    free.acquire(IN_FLIGHT);
    free.release(IN_FLIGHT);
    journal.release(journal.next());
  }

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

  public static void main(String[] args) throws RunnerException {
    new Runner(new OptionsBuilder().include("JournalAppendBenchmark").build()).run();
  }
}

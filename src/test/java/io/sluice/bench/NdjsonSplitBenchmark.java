package io.sluice.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.sluice.codec.Limits;
import io.sluice.codec.Shape;
import io.sluice.codec.Split;
import io.sluice.codec.Splitter;
import io.sluice.event.Batch;
import io.sluice.event.Origin;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** What an event of 200 bytes costs to split and check in a body of 500 lines. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(NdjsonSplitBenchmark.EVENTS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class NdjsonSplitBenchmark {
  static final int EVENTS = 500;

  private static final Origin ORIGIN =
      new Origin("in", Origin.ANONYMOUS, "application/json", Instant.EPOCH);

  private final Splitter splitter = new Splitter(Limits.USUAL);
  private final JsonFactory jackson = new JsonFactory();
  private final byte[] region = body();

  private static byte[] body() {
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < EVENTS; i++) {
      body.append(JsonCheckBenchmark.event(i)).append('\n');
    }
    return body.toString().getBytes(UTF_8);
  }

  @Benchmark
  public Batch splitNdjson() {
    return ((Split.Taken) splitter.split(Shape.NDJSON, region, 0, region.length, ORIGIN, false))
        .batch();
  }

  @Benchmark
  public Batch splitText() {
    return ((Split.Taken) splitter.split(Shape.TEXT, region, 0, region.length, ORIGIN, false))
        .batch();
  }

  /** The tokens alone, by one parser over the body: less than what a split checks. */
  @Benchmark
  public int jacksonTokens() throws IOException {
    int tokens = 0;
    try (JsonParser parser = jackson.createParser(region)) {
      while (parser.nextToken() != null) {
        parser.finishToken();
        tokens++;
      }
    }
    return tokens;
  }

  public static void main(String[] args) throws RunnerException {
    new Runner(new OptionsBuilder().include(NdjsonSplitBenchmark.class.getName()).build()).run();
  }
}

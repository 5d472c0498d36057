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
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** What one request of one JSON object of 200 bytes and six fields costs to split and check. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class JsonCheckBenchmark {
  private static final Origin ORIGIN =
      new Origin("in", Origin.ANONYMOUS, "application/json", Instant.EPOCH);

  private final Splitter splitter = new Splitter(Limits.USUAL);
  private final JsonFactory jackson = new JsonFactory();
  private final byte[] region = (event(1) + "\n").getBytes(UTF_8);

  /** An object of six fields in 200 bytes. */
  static String event(int number) {
    String head =
        "{\"id\":%d,\"device\":\"sensor-%04d\",\"time\":\"2026-01-01T00:00:00.000Z\","
                .formatted(10_000_000 + number, number % 10_000)
            + "\"temperature\":21.375,\"ok\":true,\"note\":\"";
    String event = head + "x".repeat(198 - head.length()) + "\"}";
    if (event.length() != 200) {
      throw new IllegalStateException("an event of " + event.length() + " bytes");
    }
    return event;
  }

  @Benchmark
  public Batch split() {
    return ((Split.Taken) splitter.split(Shape.JSON, region, 0, region.length - 1, ORIGIN, false))
        .batch();
  }

  /** The tokens alone, each string read: less than what {@link #split} checks. */
  @Benchmark
  public int jacksonTokens() throws IOException {
    int tokens = 0;
    try (JsonParser parser = jackson.createParser(region, 0, region.length - 1)) {
      while (parser.nextToken() != null) {
        parser.finishToken();
        tokens++;
      }
    }
    return tokens;
  }

  public static void main(String[] args) throws RunnerException {
    new Runner(new OptionsBuilder().include(JsonCheckBenchmark.class.getName()).build()).run();
  }
}

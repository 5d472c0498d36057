package io.sluice.telemetry;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;

/** The bounds of histograms. */
final class Buckets {
  private static final Duration[] WAITS =
      Stream.of(
              1_000L,
              2_500L,
              5_000L,
              10_000L,
              25_000L,
              50_000L,
              100_000L,
              250_000L,
              500_000L,
              1_000_000L,
              2_500_000L,
              5_000_000L,
              10_000_000L,
              30_000_000L,
              60_000_000L)
          .map(micros -> Duration.ofNanos(1000 * micros))
          .toArray(Duration[]::new);

  private static final Duration[] AGES =
      Stream.concat(
              Arrays.stream(WAITS),
              Stream.of(2, 5, 10, 15, 30, 60, 180, 720, 1440).map(Duration::ofMinutes))
          .toArray(Duration[]::new);

  private Buckets() {}

  /** From what an idle disk needs to what makes people call. */
  static Duration[] waits() {
    return WAITS.clone();
  }

  /** An event can be older than any answer may take: it waited for a poll, or for its sender. */
  static Duration[] ages() {
    return AGES.clone();
  }
}

package io.sluice.flow;

import java.time.Duration;

/**
 * How fast credit has been coming lately, to tell those who get none when to try again. Confined to
 * one event loop.
 */
final class DrainRate {
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofSeconds(60);

  /** What came earlier counts half after this long. */
  private static final double HALF_LIFE_SECONDS = 5;

  private double bytesPerSecond;
  private long last;

  DrainRate(long now) {
    last = now;
  }

  void came(long bytes, long now) {
    decay(now);
    bytesPerSecond += Math.max(0, bytes) * Math.log(2) / HALF_LIFE_SECONDS;
  }

  /** How long until {@code bytes} will have come, at least a second and at most a minute. */
  Duration time(long bytes, long now) {
    decay(now);
    double seconds = bytesPerSecond < 1 ? Double.MAX_VALUE : bytes / bytesPerSecond;
    Duration time = seconds < MOST.toSeconds() ? Duration.ofMillis((long) (seconds * 1000)) : MOST;
    return time.compareTo(LEAST) < 0 ? LEAST : time;
  }

  private void decay(long now) {
    bytesPerSecond *= Math.exp(-Math.log(2) * (now - last) / 1e9 / HALF_LIFE_SECONDS);
    last = now;
  }
}

package io.sluice.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sluice.event.Batch;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Metric;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What each source brought to a stream: how old its events were when the stream had them, and how
 * many the stream had already. Confined to the stream's event loop.
 */
final class Arrivals {
  private final String stream;
  private final MeterRegistry meters;
  private final Map<String, Timer> freshness = new HashMap<>();
  private final Map<String, Counter> repeats = new HashMap<>();

  Arrivals(String stream, MeterRegistry meters) {
    this.stream = stream;
    this.meters = meters;
  }

  /**
   * The stream has a batch. Each event that says when it happened counts by that; of a batch whose
   * events do not, the moment it was received counts once.
   *
   * @param now the wall clock, milliseconds
   */
  void kept(Batch batch, long now) {
    Timer timer =
        freshness.computeIfAbsent(
            batch.origin().source(),
            source ->
                Metric.FRESHNESS.timer(meters, Label.SOURCE.of(source), Label.STREAM.of(stream)));
    long received = batch.origin().received().toEpochMilli();
    if (batch.columns().times().isEmpty()) {
      record(timer, now - received);
      return;
    }
    for (@Nullable Instant time : batch.columns().times()) {
      record(timer, now - (time == null ? received : millis(time, received)));
    }
  }

  /** Nobody knows when something happened whose time is beyond what a clock can say. */
  private static long millis(Instant time, long received) {
    try {
      return time.toEpochMilli();
    } catch (ArithmeticException beyond) {
      return received;
    }
  }

  /** A sender's clock may be ahead of ours. */
  private static void record(Timer timer, long age) {
    timer.record(Math.max(0, age), TimeUnit.MILLISECONDS);
  }

  /** Events of a source were there already. */
  void repeated(String source, int events) {
    repeats
        .computeIfAbsent(
            source,
            name ->
                Metric.DUPLICATES.counter(meters, Label.SOURCE.of(name), Label.STREAM.of(stream)))
        .increment(events);
  }
}

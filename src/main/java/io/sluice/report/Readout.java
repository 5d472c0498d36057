package io.sluice.report;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Metric;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads what all sources have counted, in one pass over the meters. */
final class Readout {
  private static final Map<String, Item> COUNTERS =
      Map.of(
          Metric.EVENTS.meterName(), Item.EVENTS,
          Metric.BYTES.meterName(), Item.BYTES,
          Metric.DUPLICATES.meterName(), Item.DUPLICATES,
          Metric.POLLS_MORE.meterName(), Item.MORE,
          Metric.POLL_REQUESTS.meterName(), Item.REQUESTS,
          Metric.POLL_RECEIVED.meterName(), Item.RECEIVED,
          Metric.MISSED_BY_PUSH.meterName(), Item.MISSED);

  private static final Map<String, Item> OUTCOMES =
      Map.of("new", Item.NEW, "known", Item.KNOWN, "empty", Item.EMPTY, "failed", Item.FAILED);

  private final Map<String, Counts> sources = new HashMap<>();

  private Readout() {}

  /** What was counted since the process began, by source. */
  static Map<String, Counts> of(MeterRegistry meters) {
    Readout readout = new Readout();
    meters.forEachMeter(readout::take);
    return readout.sources;
  }

  private void take(Meter meter) {
    String source = meter.getId().getTag(Label.SOURCE.key());
    if (source == null || source.isEmpty()) {
      return;
    }
    if (meter instanceof Counter counter) {
      Item item = item(meter.getId());
      if (item != null) {
        add(source, counts -> counts.plus(item, counter.count()));
      }
    } else if (meter instanceof Timer timer) {
      time(source, timer);
    }
  }

  private static @Nullable Item item(Meter.Id id) {
    return id.getName().equals(Metric.POLLS.meterName())
        ? OUTCOMES.get(String.valueOf(id.getTag(Label.OUTCOME.key())))
        : COUNTERS.get(id.getName());
  }

  private void time(String source, Timer timer) {
    String name = timer.getId().getName();
    if (name.equals(Metric.ACK.meterName())) {
      add(source, counts -> counts.plus(Item.RECEIPTS, (double) timer.count()));
    } else if (name.equals(Metric.POLL.meterName())) {
      add(source, counts -> counts.plus(Item.POLLING, timer.totalTime(TimeUnit.NANOSECONDS)));
    } else if (name.equals(Metric.FRESHNESS.meterName())) {
      add(source, counts -> counts.plus(ages(timer.takeSnapshot())));
    }
  }

  private static Ages ages(HistogramSnapshot snapshot) {
    SortedMap<Long, Long> within = new TreeMap<>();
    for (CountAtBucket bucket : snapshot.histogramCounts()) {
      if (!Double.isInfinite(bucket.bucket())) {
        within.put((long) bucket.bucket(), (long) bucket.count());
      }
    }
    return new Ages(snapshot.count(), snapshot.total(), within);
  }

  private void add(String source, UnaryOperator<Counts> more) {
    sources.put(source, more.apply(sources.getOrDefault(source, Counts.NONE)));
  }
}

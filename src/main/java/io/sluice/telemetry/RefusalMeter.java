package io.sluice.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/**
 * Counts what one part refuses, by reason, and logs each reason once in ten seconds at the most:
 * clients can cause refusals as often as they like. Any thread.
 */
public final class RefusalMeter {
  private static final long LINE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Logger log;
  private final String kind;
  private final String name;
  private final MeterRegistry meters;
  private final Tag[] tags;
  private final Map<String, Reason> reasons = new ConcurrentHashMap<>();

  /**
   * Nothing refused yet.
   *
   * @param kind the key under which {@code name} is logged: {@code source}, {@code listen}
   * @param tags what the counters have beside their reason
   */
  public RefusalMeter(Logger log, String kind, String name, MeterRegistry meters, Tag... tags) {
    this.log = log;
    this.kind = kind;
    this.name = name;
    this.meters = meters;
    this.tags = tags.clone();
  }

  /**
   * Something was not taken.
   *
   * @param reason one word of a fixed set
   */
  public void refused(String reason) {
    Reason all = reasons.computeIfAbsent(reason, this::first);
    all.counter.increment();
    long now = System.nanoTime();
    long last = all.logged.get();
    if (now - last < LINE_EVERY_NANOS || !all.logged.compareAndSet(last, now)) {
      return;
    }
    log.atWarn().addKeyValue(kind, name).addKeyValue("reason", reason).log("refused");
  }

  private Reason first(String reason) {
    Tag[] all = Arrays.copyOf(tags, tags.length + 1);
    all[tags.length] = Label.REASON.of(reason);
    return new Reason(
        Metric.REFUSED.counter(meters, all), new AtomicLong(System.nanoTime() - LINE_EVERY_NANOS));
  }

  private record Reason(Counter counter, AtomicLong logged) {}
}

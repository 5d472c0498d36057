package io.sluice.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can happen to every push source. Shared by its event loops; any thread. */
public final class PushTelemetry {
  private static final Logger LOG = LoggerFactory.getLogger(PushTelemetry.class);
  private static final long LINE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String source;
  private final MeterRegistry meters;
  private final Counter events;
  private final Counter bytes;
  private final Timer ack;
  private final Map<String, Refused> refused = new ConcurrentHashMap<>();

  /**
   * @param source the source's name in the configuration
   */
  public PushTelemetry(String source, MeterRegistry meters) {
    this.source = source;
    this.meters = meters;
    this.events = Metric.EVENTS.counter(meters, Label.SOURCE.of(source));
    this.bytes = Metric.BYTES.counter(meters, Label.SOURCE.of(source));
    this.ack = Metric.ACK.timer(meters, Label.SOURCE.of(source));
  }

  /** A receipt came that says the events are kept. */
  public void kept(int howMany, int howManyBytes, long nanos) {
    events.increment(howMany);
    bytes.increment(howManyBytes);
    ack.record(nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Something was not taken: counted always, logged once in a while.
   *
   * @param reason a word of a fixed set
   */
  public void refused(String reason) {
    Refused all = refused.computeIfAbsent(reason, this::first);
    all.counter.increment();
    long now = System.nanoTime();
    long last = all.logged.get();
    if (now - last >= LINE_EVERY_NANOS && all.logged.compareAndSet(last, now)) {
      LOG.atWarn().addKeyValue("source", source).addKeyValue("reason", reason).log("refused");
    }
  }

  private Refused first(String reason) {
    return new Refused(
        Metric.REFUSED.counter(meters, Label.SOURCE.of(source), Label.REASON.of(reason)),
        new AtomicLong(System.nanoTime() - LINE_EVERY_NANOS));
  }

  private record Refused(Counter counter, AtomicLong logged) {}
}

package io.sluice.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can happen to every push source. Shared by its event loops; any thread. */
public final class PushTelemetry {
  private static final Logger LOG = LoggerFactory.getLogger(PushTelemetry.class);

  private final Counter events;
  private final Counter bytes;
  private final Timer ack;
  private final RefusalMeter refusals;

  /**
   * @param source the source's name in the configuration
   */
  public PushTelemetry(String source, MeterRegistry meters) {
    this.events = Metric.EVENTS.counter(meters, Label.SOURCE.of(source));
    this.bytes = Metric.BYTES.counter(meters, Label.SOURCE.of(source));
    this.ack = Metric.ACK.timer(meters, Label.SOURCE.of(source));
    this.refusals = new RefusalMeter(LOG, "source", source, meters, Label.SOURCE.of(source));
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
    refusals.refused(reason);
  }
}

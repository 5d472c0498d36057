package io.sluice.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sluice.event.Batch;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Metric;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can happen to the deliveries of one sink, as log lines and meters. Confined to its loop. */
public final class DeliveryTelemetry {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryTelemetry.class);

  private final String sink;
  private final MeterRegistry meters;
  private final Clock clock;
  private final Timer stored;
  private final Timer retry;
  private final Timer refused;
  private final Counter retries;
  private final Map<String, Stream> streams = new HashMap<>();
  private long late;

  public DeliveryTelemetry(String sink, MeterRegistry meters, Clock clock) {
    this.sink = sink;
    this.meters = meters;
    this.clock = clock;
    this.stored = attempts("stored");
    this.retry = attempts("retry");
    this.refused = attempts("refused");
    this.retries = Metric.SINK_RETRIES.counter(meters, Label.SINK.of(sink));
  }

  private Timer attempts(String outcome) {
    return Metric.SINK_DELIVERY.timer(meters, Label.SINK.of(sink), Label.OUTCOME.of(outcome));
  }

  /** What is counted for one stream. */
  private record Stream(Counter events, Counter bytes, Timer freshness) {}

  private Stream stream(String name) {
    return streams.computeIfAbsent(
        name,
        stream ->
            new Stream(
                Metric.EVENTS.counter(meters, Label.STREAM.of(stream), Label.SINK.of(sink)),
                Metric.BYTES.counter(meters, Label.STREAM.of(stream), Label.SINK.of(sink)),
                Metric.FRESHNESS.timer(meters, Label.STREAM.of(stream), Label.SINK.of(sink))));
  }

  /** An attempt has its answer. */
  void attempted(Delivery delivery, Outcome outcome, long nanos) {
    outcome
        .fold(
            new Outcome.Cases<Timer>() {
              @Override
              public Timer stored() {
                arrived(delivery);
                return stored;
              }

              @Override
              public Timer retry(Outcome.Retry again) {
                return retry;
              }

              @Override
              public Timer refused(Outcome.Refused no) {
                LOG.atWarn()
                    .addKeyValue("sink", sink)
                    .addKeyValue("stream", delivery.stream())
                    .addKeyValue("position", delivery.first())
                    .addKeyValue("reason", no.why())
                    .log("delivery refused");
                return refused;
              }
            })
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private void arrived(Delivery delivery) {
    Stream stream = stream(delivery.stream());
    long now = clock.millis();
    long bytes = 0;
    for (Batch batch : delivery.batches()) {
      bytes += batch.bytes();
      long age = now - batch.origin().received().toEpochMilli();
      stream.freshness().record(Math.max(0, age), TimeUnit.MILLISECONDS);
    }
    stream.events().increment(delivery.events());
    stream.bytes().increment((double) bytes);
  }

  /** A delivery will be tried again; the first time and every so often that is worth a line. */
  void retrying(String stream, int failures, Duration delay, String why) {
    retries.increment();
    boolean worth = Integer.bitCount(failures) == 1;
    (worth ? LOG.atWarn() : LOG.atDebug())
        .addKeyValue("sink", sink)
        .addKeyValue("stream", stream)
        .addKeyValue("failures", failures)
        .addKeyValue("wait", Words.of(delay))
        .addKeyValue("reason", why)
        .log("delivery will be tried again");
  }

  /** The delivery that held others back is settled. */
  void goesOn(String stream, int failures) {
    LOG.atInfo()
        .addKeyValue("sink", sink)
        .addKeyValue("stream", stream)
        .addKeyValue("failures", failures)
        .log("deliveries go on");
  }

  /** An answer came after the attempt had been counted as failed. */
  void late() {
    late++;
    LOG.atDebug().addKeyValue("sink", sink).addKeyValue("late", late).log("late answer ignored");
  }

  /** How many answers came too late. */
  long lateAnswers() {
    return late;
  }
}

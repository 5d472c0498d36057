package io.sluice.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.event.Delivery;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Metric;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What can happen to a sink as a whole, as log lines and meters; its state may be read from any
 * thread.
 */
final class SinkTelemetry {
  private static final Logger LOG = LoggerFactory.getLogger(SinkTelemetry.class);

  private final String sink;
  private final MeterRegistry meters;
  private volatile String state = "opening";
  private boolean standing;

  SinkTelemetry(String sink, MeterRegistry meters) {
    this.sink = sink;
    this.meters = meters;
  }

  String state() {
    return state;
  }

  void open() {
    state = "open";
    LOG.atInfo().addKeyValue("sink", sink).log("sink open");
  }

  void cannotOpen(String why) {
    state = "cannot open: " + why;
    LOG.atError()
        .addKeyValue("sink", sink)
        .addKeyValue("reason", why)
        .log("sink cannot be opened, trying again");
  }

  void dropped(Delivery delivery, String why) {
    refused(delivery, why, "dropped", Level.WARN, "refused events dropped");
  }

  /** Refused events cannot be kept aside, so they wait; told once until they can. */
  void standing(Delivery delivery, String why) {
    if (standing) {
      return;
    }
    standing = true;
    state = "standing: " + why;
    LOG.atWarn()
        .addKeyValue("sink", sink)
        .addKeyValue("stream", delivery.stream())
        .addKeyValue("position", delivery.first())
        .addKeyValue("reason", why)
        .log("dead letters cannot be kept, the sink stands until they can");
  }

  void deadLetter(Delivery delivery, String why) {
    if (standing) {
      standing = false;
      state = "open";
      LOG.atInfo()
          .addKeyValue("sink", sink)
          .log("dead letters can be kept again, the sink goes on");
    }
    refused(delivery, why, "refused", Level.WARN, "refused events kept as dead letters");
  }

  void halted(Delivery delivery, String why) {
    state = "halted: " + why;
    refused(delivery, why, "halted", Level.ERROR, "sink halted over refused events");
  }

  private void refused(Delivery delivery, String why, String reason, Level level, String message) {
    Metric.DEAD_LETTERS
        .counter(meters, Label.SINK.of(sink), Label.REASON.of(reason))
        .increment(delivery.events());
    LOG.atLevel(level)
        .addKeyValue("sink", sink)
        .addKeyValue("stream", delivery.stream())
        .addKeyValue("position", delivery.first())
        .addKeyValue("events", delivery.events())
        .addKeyValue("reason", why)
        .log(message);
  }
}

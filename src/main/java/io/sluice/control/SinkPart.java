package io.sluice.control;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.delivery.RunningSink;
import io.sluice.stream.JournalDeadLetters;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Metric;
import io.sluice.telemetry.Readings;
import io.vertx.core.Future;

/** A sink with what it could never deliver. */
public final class SinkPart {
  private final String name;
  private final RunningSink sink;
  private final JournalDeadLetters letters;
  private final MeterRegistry meters;
  private final Readings readings;

  SinkPart(String name, RunningSink sink, JournalDeadLetters letters, MeterRegistry meters) {
    this.name = name;
    this.sink = sink;
    this.letters = letters;
    this.meters = meters;
    this.readings = new Readings(meters);
  }

  public String name() {
    return name;
  }

  /** See {@link RunningSink#state}. */
  public String state() {
    return sink.state();
  }

  public JournalDeadLetters deadLetters() {
    return letters;
  }

  Future<Void> start() {
    readings.add(Metric.DEAD_LETTERS_BYTES.gauge(meters, letters::bytes, Label.SINK.of(name)));
    return letters.start().compose(found -> sink.start());
  }

  /** Finishes what it has, and lets go. */
  Future<Void> stop() {
    return sink.stop().eventually(letters::close).onComplete(closed -> readings.end());
  }
}

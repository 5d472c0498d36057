package io.sluice.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.sluice.journal.Journal;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Metric;
import io.sluice.telemetry.Readings;
import java.util.concurrent.TimeUnit;

/** What a stream's journal does, as meters: most are read from it when somebody scrapes. */
final class JournalTelemetry {
  private final MeterRegistry meters;
  private final Tag stream;
  private final Timer forces;
  private final Readings readings;

  JournalTelemetry(MeterRegistry meters, String stream) {
    this.meters = meters;
    this.stream = Label.STREAM.of(stream);
    this.readings = new Readings(meters);
    this.forces = Metric.JOURNAL_FORCE.timer(meters, this.stream);
  }

  /** Shows the figures of a journal that was opened. */
  void opened(Journal journal) {
    readings.add(
        Metric.JOURNAL_COMMITS.counter(meters, journal, open -> open.stats().commits(), stream));
    readings.add(
        Metric.JOURNAL_LOST.counter(meters, journal, open -> open.stats().lostEvents(), stream));
    readings.add(Metric.JOURNAL_BYTES.gauge(meters, () -> journal.stats().fileBytes(), stream));
    readings.add(Metric.JOURNAL_SEGMENTS.gauge(meters, () -> journal.stats().segments(), stream));
  }

  /** The journal is closed. */
  void closed() {
    readings.end();
  }

  /** A force was done; on the journal's writer thread. */
  void forced(long nanos) {
    forces.record(nanos, TimeUnit.NANOSECONDS);
  }
}

package io.sluice.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.sluice.journal.Journal;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Metric;
import java.util.concurrent.TimeUnit;

/** What a stream's journal does, as meters: most are read from it when somebody scrapes. */
final class JournalTelemetry {
  private final MeterRegistry meters;
  private final Tag stream;
  private final Timer forces;

  JournalTelemetry(MeterRegistry meters, String stream) {
    this.meters = meters;
    this.stream = Label.STREAM.of(stream);
    this.forces = Metric.JOURNAL_FORCE.timer(meters, this.stream);
  }

  /** Shows the figures of a journal that was opened. */
  void opened(Journal journal) {
    Metric.JOURNAL_COMMITS.counter(meters, journal, open -> open.stats().commits(), stream);
    Metric.JOURNAL_LOST.counter(meters, journal, open -> open.stats().lostEvents(), stream);
    Metric.JOURNAL_BYTES.gauge(meters, () -> journal.stats().fileBytes(), stream);
    Metric.JOURNAL_SEGMENTS.gauge(meters, () -> journal.stats().segments(), stream);
  }

  /** A force was done; on the journal's writer thread. */
  void forced(long nanos) {
    forces.record(nanos, TimeUnit.NANOSECONDS);
  }
}

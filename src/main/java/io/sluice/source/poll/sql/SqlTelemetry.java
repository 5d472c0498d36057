package io.sluice.source.poll.sql;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.RefusalMeter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can happen to an SQL source beside what every pull source tells of. */
final class SqlTelemetry {
  private static final Logger LOG = LoggerFactory.getLogger(SqlTelemetry.class);

  private final RefusalMeter refusals;

  SqlTelemetry(String source, MeterRegistry meters) {
    this.refusals = new RefusalMeter(LOG, "source", source, meters, Label.SOURCE.of(source));
  }

  /** A row was left out. */
  void tooLong() {
    refusals.refused("too-long");
  }
}

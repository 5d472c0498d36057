package io.sluice.replica;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Metric;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can happen to the shared database: said once when it goes away, and when it is back. */
final class DatabaseTelemetry {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseTelemetry.class);

  private final MeterRegistry meters;
  private final AtomicBoolean away = new AtomicBoolean();

  DatabaseTelemetry(MeterRegistry meters) {
    this.meters = meters;
  }

  /**
   * It was asked for something.
   *
   * @param failure null when it answered
   */
  void answered(@Nullable Throwable failure, long nanos) {
    Metric.SHARED_DATABASE
        .timer(meters, Label.OUTCOME.of(outcome(failure)))
        .record(nanos, TimeUnit.NANOSECONDS);
    if (failure == null) {
      if (away.compareAndSet(true, false)) {
        LOG.atInfo().log("the shared database can be used again");
      }
    } else if (away.compareAndSet(false, true)) {
      LOG.atWarn().addKeyValue("why", failure).log("the shared database cannot be used");
    }
  }

  private static String outcome(@Nullable Throwable failure) {
    if (failure == null) {
      return "answered";
    }
    return failure instanceof TimeoutException ? "late" : "failed";
  }
}

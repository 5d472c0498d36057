package io.sluice.lease;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.telemetry.Metric;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can happen to the leases of a replica. Scraped from any thread. */
final class LeaseTelemetry {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseTelemetry.class);

  private final Counter ranOut;
  private volatile int held;
  private volatile int members;

  LeaseTelemetry(MeterRegistry meters) {
    ranOut = Metric.LEASES_RAN_OUT.counter(meters);
    Metric.LEASES_HELD.gauge(meters, () -> held);
    Metric.REPLICAS.gauge(meters, () -> members);
  }

  /** How it stands after a look. */
  void stands(int howManyHeld, int howManyMembers) {
    held = howManyHeld;
    if (members != howManyMembers) {
      members = howManyMembers;
      LOG.atInfo().addKeyValue("replicas", howManyMembers).log("replicas that are there");
    }
  }

  /** So many leases could not be renewed in time. */
  void ranOut(int howMany) {
    ranOut.increment(howMany);
    LOG.atWarn()
        .addKeyValue("sources", howMany)
        .log("leases could not be renewed in time, their sources stand");
  }
}

package io.sluice.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The gauges that ask one part of the gateway, to go when it goes. Without that the registry would
 * hold on to the part, and take no notice of the next one's. Any thread.
 */
public final class Readings {
  private final MeterRegistry meters;
  private final Queue<Meter> open = new ConcurrentLinkedQueue<>();

  public Readings(MeterRegistry meters) {
    this.meters = meters;
  }

  /** One more of them. */
  public void add(Meter reading) {
    open.add(reading);
  }

  /** Nobody asks any more. */
  public void end() {
    for (Meter each = open.poll(); each != null; each = open.poll()) {
      meters.remove(each);
    }
  }
}

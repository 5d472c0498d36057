package io.sluice.net;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Metric;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens on a listener before a source is concerned. Shared by the loops of one listener; any
 * thread.
 */
final class ListenerTelemetry {
  private static final Logger LOG = LoggerFactory.getLogger(ListenerTelemetry.class);

  private final MeterRegistry meters;
  private final String listen;
  private final Map<String, Counter> refused = new ConcurrentHashMap<>();

  ListenerTelemetry(MeterRegistry meters, String listen) {
    this.meters = meters;
    this.listen = listen;
  }

  /** A request that no source heard of. Anybody can cause it, so no line above debug. */
  void refused(String reason) {
    refused
        .computeIfAbsent(reason, word -> Metric.REFUSED.counter(meters, Label.REASON.of(word)))
        .increment();
    LOG.atDebug().addKeyValue("listen", listen).addKeyValue("reason", reason).log("refused");
  }

  /** Connections break all the time; that is worth a line only when one looks for it. */
  void connectionFailed(Throwable cause) {
    LOG.atDebug().addKeyValue("listen", listen).setCause(cause).log("connection failed");
  }
}

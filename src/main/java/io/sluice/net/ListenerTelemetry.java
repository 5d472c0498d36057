package io.sluice.net;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import io.sluice.config.HostPort;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Metric;
import io.sluice.telemetry.RefusalMeter;
import java.util.function.IntSupplier;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens on a listener before a source is concerned, and how many connections it has. Shared
 * by the loops of one listener; any thread.
 */
final class ListenerTelemetry {
  private static final Logger LOG = LoggerFactory.getLogger(ListenerTelemetry.class);

  private final MeterRegistry meters;
  private final String listen;
  private final RefusalMeter refusals;
  private final Gauge open;

  ListenerTelemetry(MeterRegistry meters, String listen, IntSupplier connections) {
    this.meters = meters;
    this.listen = listen;
    this.refusals = new RefusalMeter(LOG, "listen", listen, meters);
    this.open = Metric.CONNECTIONS.gauge(meters, connections::getAsInt, Label.LISTEN.of(listen));
  }

  /** The address takes connections. */
  void bound(HostPort address) {
    LOG.atInfo().addKeyValue("listen", address).log("listening");
  }

  /** A request that no source heard of. */
  void refused(String reason) {
    refusals.refused(reason);
  }

  /** Connections break all the time; that is worth a line only when one looks for it. */
  void connectionFailed(Throwable cause) {
    if (cause instanceof HAProxyProtocolException) {
      refused("proxy-header");
    } else if (cause instanceof SSLException) {
      refused("tls-handshake");
    }
    LOG.atDebug().addKeyValue("listen", listen).setCause(cause).log("connection failed");
  }

  /** The address is let go of. */
  void closed() {
    meters.remove(open);
  }
}

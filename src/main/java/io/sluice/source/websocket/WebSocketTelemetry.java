package io.sluice.source.websocket;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.telemetry.PushTelemetry;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can happen to a WebSocket source. Shared by its event loops; any thread. */
final class WebSocketTelemetry {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketTelemetry.class);

  private final String source;
  private final PushTelemetry push;

  WebSocketTelemetry(String source, MeterRegistry meters) {
    this.source = source;
    this.push = new PushTelemetry(source, meters);
  }

  /** A receipt came that says the events are kept. */
  void kept(int howMany, int howManyBytes, long nanos) {
    push.kept(howMany, howManyBytes, nanos);
  }

  /** A handshake, an event or a batch was not taken. */
  void refused(String reason) {
    push.refused(reason);
  }

  /** The gateway closes a connection. */
  void closed(CloseCode code, String why) {
    LOG.atDebug()
        .addKeyValue("source", source)
        .addKeyValue("code", code.number())
        .addKeyValue("reason", why)
        .log("closing");
    if (code != CloseCode.RESTART) {
      refused("close-" + code.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
  }

  /** A client closes a connection as it should. */
  void closedByPeer() {
    LOG.atDebug().addKeyValue("source", source).log("closed by the client");
  }

  /** A connection broke without a close frame. */
  void aborted() {
    refused("aborted");
  }

  /** Connections break all the time; that is worth a line only when one looks for it. */
  void broken(Throwable cause) {
    LOG.atDebug().addKeyValue("source", source).setCause(cause).log("connection failed");
  }

  /** Something of ours failed. */
  void failed(Throwable cause) {
    LOG.atError().addKeyValue("source", source).setCause(cause).log("connection failed");
  }
}

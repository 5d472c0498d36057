package io.sluice.source.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.telemetry.PushTelemetry;
import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can happen to an HTTP source. Shared by its event loops; any thread. */
final class HttpTelemetry {
  private static final Logger LOG = LoggerFactory.getLogger(HttpTelemetry.class);

  private final String source;
  private final PushTelemetry push;

  HttpTelemetry(String source, MeterRegistry meters) {
    this.source = source;
    this.push = new PushTelemetry(source, meters);
  }

  /** A receipt came that says the events are kept. */
  void kept(int howMany, int howManyBytes, long nanos) {
    push.kept(howMany, howManyBytes, nanos);
  }

  /** A request was not taken: counted always, logged once in a while. */
  void refused(String reason) {
    push.refused(reason);
  }

  /** A client went away before its body was whole; nothing of it is kept. */
  void aborted() {
    refused("aborted");
  }

  /** Something of ours failed. */
  void failed(HttpServerRequest request, Throwable cause) {
    LOG.atError()
        .addKeyValue("source", source)
        .addKeyValue("remote", request.remoteAddress())
        .setCause(cause)
        .log("request failed");
  }
}

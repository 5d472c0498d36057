package io.sluice.source.websocket;

import io.sluice.auth.Guard;
import io.sluice.auth.Quota;
import io.sluice.connector.Inlet;
import io.sluice.connector.SourceContext;
import io.sluice.net.Refusals;
import io.sluice.net.RequestIds;
import io.vertx.core.Vertx;

/** What the connections of one endpoint work with. Confined to the endpoint's event loop. */
record Desk(
    String source,
    WebSocketSourceConfig config,
    Vertx vertx,
    Inlet inlet,
    Guard guard,
    Quota quota,
    Sorter sorter,
    WebSocketTelemetry telemetry,
    Refusals refusals,
    RequestIds ids) {
  /** A desk on the event loop that calls. */
  static Desk open(
      WebSocketSourceConfig config,
      SourceContext context,
      Guard guard,
      Quota quota,
      WebSocketTelemetry telemetry) {
    return new Desk(
        context.name(),
        config,
        context.vertx(),
        context.openInlet(),
        guard,
        quota,
        new Sorter(context.name(), config, context.clock()),
        telemetry,
        new Refusals(context.vertx()),
        new RequestIds());
  }
}

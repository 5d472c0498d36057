package io.sluice.source.http;

import io.sluice.auth.Guard;
import io.sluice.auth.Quota;
import io.sluice.codec.Limits;
import io.sluice.codec.Split;
import io.sluice.codec.Splitter;
import io.sluice.connector.Inlet;
import io.sluice.connector.SourceContext;
import io.sluice.event.Origin;
import io.sluice.net.Refusals;
import io.sluice.net.RequestIds;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;

/**
 * What the exchanges of one endpoint work with. Confined to the endpoint's event loop.
 *
 * @param open the exchanges that are not over
 */
record Desk(
    String source,
    HttpSourceConfig config,
    Vertx vertx,
    Context loop,
    Inlet inlet,
    Guard guard,
    Quota quota,
    Splitter splitter,
    Idempotency idempotency,
    HttpTelemetry telemetry,
    Refusals refusals,
    RequestIds ids,
    Clock clock,
    Set<Exchange> open) {
  /** A desk on the event loop that calls. */
  static Desk open(
      HttpSourceConfig config,
      SourceContext context,
      Guard guard,
      Quota quota,
      HttpTelemetry telemetry,
      Idempotency idempotency) {
    Limits limits =
        Limits.USUAL
            .withMaxEventBytes((int) config.maxEventBytes().bytes())
            .withDistinctKeys(config.duplicateKeys() == DuplicateKeys.REFUSE);
    return new Desk(
        context.name(),
        config,
        context.vertx(),
        context.vertx().getOrCreateContext(),
        context.openInlet(),
        guard,
        quota,
        new Splitter(limits),
        idempotency,
        telemetry,
        new Refusals(context.vertx()),
        new RequestIds(),
        context.clock(),
        new HashSet<>());
  }

  /** The events of a body that is complete and plain. */
  Split split(RequestHead head, byte[] body, int size) {
    MediaType type = head.mediaType();
    Origin origin =
        new Origin(source, head.sender().principal(), type.eventType(), clock.instant());
    boolean lenient = head.preferences().lenient();
    return head.binary()
        .map(columns -> splitter.one(body, size, origin, columns))
        .orElseGet(() -> splitter.split(type.shape(), body, 0, size, origin, lenient));
  }

  /** Whether a body is too slow that has taken {@code elapsed} nanoseconds so far. */
  boolean tooSlow(long elapsed, long received) {
    double late = (elapsed - config.idleTimeout().toNanos()) / 1_000_000_000.0;
    return elapsed > config.bodyWithin().toNanos()
        || (late > 0 && received < late * config.minBodyRate().bytes());
  }
}

package io.sluice.sink.discard;

import io.sluice.connector.Sink;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.vertx.core.Future;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and forgets. Confined to the event loop that calls it. */
final class DiscardSink implements Sink {
  private static final Logger LOG = LoggerFactory.getLogger(DiscardSink.class);

  private final String name;
  private long events;
  private long bytes;

  DiscardSink(String name) {
    this.name = name;
  }

  @Override
  public Future<Map<String, Position>> open() {
    return Future.succeededFuture(Map.of());
  }

  @Override
  public Future<Outcome> deliver(Delivery delivery) {
    events += delivery.events();
    delivery.batches().forEach(batch -> bytes += batch.bytes());
    return Future.succeededFuture(Outcome.stored());
  }

  @Override
  public Future<Void> close() {
    if (events > 0) {
      LOG.atInfo()
          .addKeyValue("sink", name)
          .addKeyValue("events", events)
          .addKeyValue("bytes", bytes)
          .log("discarded");
      events = 0;
      bytes = 0;
    }
    return Future.succeededFuture();
  }
}

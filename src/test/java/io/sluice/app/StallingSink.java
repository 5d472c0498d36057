package io.sluice.app;

import io.sluice.connector.Claim;
import io.sluice.connector.Sink;
import io.sluice.connector.SinkContext;
import io.sluice.connector.SinkFactory;
import io.sluice.event.Batch;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A destination that stops and goes on when the test says so. It remembers what it took by the
 * events' first bytes.
 */
final class StallingSink implements Sink, SinkFactory<StallingSink.Config> {
  record Config() {}

  /** The length of what tells events apart. */
  private static final int ID = id(0).length();

  private final Vertx vertx;
  private final Map<String, Integer> taken = new ConcurrentHashMap<>();
  private volatile Promise<Void> flowing = Promise.promise();

  StallingSink(Vertx vertx) {
    this.vertx = vertx;
    flowing.complete();
  }

  void stall() {
    flowing = Promise.promise();
  }

  void goOn() {
    flowing.tryComplete();
  }

  /** How often each event came. */
  Map<String, Integer> taken() {
    return taken;
  }

  @Override
  public String type() {
    return "stalling";
  }

  @Override
  public Class<Config> configType() {
    return Config.class;
  }

  @Override
  public Set<Claim> claims(Config config) {
    return Set.of();
  }

  @Override
  public Sink create(Config config, SinkContext context) {
    return this;
  }

  @Override
  public Future<Map<String, Position>> open() {
    return Future.succeededFuture(Map.of());
  }

  @Override
  public Future<Outcome> deliver(Delivery delivery) {
    Promise<Outcome> answer = Promise.promise();
    var context = vertx.getOrCreateContext();
    flowing
        .future()
        .onComplete(
            free ->
                context.runOnContext(
                    here -> {
                      delivery.batches().forEach(this::note);
                      answer.complete(Outcome.stored());
                    }));
    return answer.future();
  }

  private void note(Batch batch) {
    for (int i = 0; i < batch.size(); i++) {
      taken.merge(
          new String(batch.region(), batch.start(i), ID, StandardCharsets.US_ASCII),
          1,
          Integer::sum);
    }
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }

  /** Bytes that {@link #taken} tells an event by. */
  static String id(long number) {
    return "{\"id\":1%015d,".formatted(number);
  }
}

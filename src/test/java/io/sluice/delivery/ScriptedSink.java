package io.sluice.delivery;

import io.sluice.connector.Sink;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A destination whose answers the test gives. */
final class ScriptedSink implements Sink {
  final List<Delivery> tried = new ArrayList<>();
  final List<Promise<Outcome>> open = new ArrayList<>();
  boolean closed;

  @Override
  public Future<Map<String, Position>> open() {
    return Future.succeededFuture(Map.of());
  }

  @Override
  public Future<Outcome> deliver(Delivery delivery) {
    Promise<Outcome> answer = Promise.promise();
    tried.add(delivery);
    open.add(answer);
    return answer.future();
  }

  /** Answers the attempt that waits longest. */
  void answer(Outcome outcome) {
    open.remove(0).complete(outcome);
  }

  List<Long> firsts() {
    return tried.stream().map(delivery -> delivery.first().ordinal()).toList();
  }

  @Override
  public Future<Void> close() {
    closed = true;
    for (Promise<Outcome> answer : List.copyOf(open)) {
      answer.complete(Outcome.stored());
    }
    open.clear();
    return Future.succeededFuture();
  }
}

package io.sluice.delivery;

import io.sluice.connector.Sink;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A sink that gets larger deliveries, and few at a time: those of one stream that follow each other
 * without a gap go as one, up to the limits. Each delivery's answer is the worst of those that took
 * parts of it. Confined to the event loop that calls it.
 */
public final class Batching implements Sink {
  private final Sink inner;
  private final BatchConfig config;
  private final int inFlight;
  private final Timers timers;
  private final Map<String, Gathering> gatherings = new java.util.LinkedHashMap<>();

  /** Those of {@code gatherings} in the order in which they are looked at. */
  private final List<Gathering> turns = new ArrayList<>();

  private int turn;
  private int underWay;
  private boolean sending;
  private boolean closed;

  /**
   * A sink around {@code inner}.
   *
   * @param inFlight how many deliveries {@code inner} is given at a time at most
   */
  public Batching(Sink inner, BatchConfig config, int inFlight, Timers timers) {
    this.inner = inner;
    this.config = config;
    this.inFlight = inFlight;
    this.timers = timers;
  }

  @Override
  public Future<Map<String, Position>> open() {
    return inner.open();
  }

  @Override
  public Future<Outcome> deliver(Delivery delivery) {
    if (closed) {
      return Future.succeededFuture(Outcome.retry("the sink is closed"));
    }
    Gathering gathering = gatherings.get(delivery.stream());
    if (gathering == null) {
      gathering = new Gathering(delivery.stream(), config, timers, this::send);
      gatherings.put(delivery.stream(), gathering);
      turns.add(gathering);
    }
    Future<Outcome> answer = gathering.add(delivery);
    send();
    return answer;
  }

  /** Sends what is ready, as long as there may be more under way; each stream in turn. */
  private void send() {
    if (sending) {
      return;
    }
    sending = true;
    int idle = 0;
    while (idle < turns.size() && (closed || underWay < inFlight)) {
      turn = (turn + 1) % turns.size();
      Gathering next = turns.get(turn);
      if (next.ready() || (closed && !next.isEmpty())) {
        idle = 0;
        send(next.take());
      } else {
        idle++;
      }
    }
    sending = false;
  }

  private void send(Gathered gathered) {
    underWay++;
    inner
        .deliver(gathered.delivery())
        .onSuccess(
            outcome -> {
              underWay--;
              gathered.settle(outcome);
              send();
            });
  }

  /** Hands on what was gathered, and closes: what is under way then gets its answer. */
  @Override
  public Future<Void> close() {
    closed = true;
    send();
    gatherings.values().forEach(Gathering::forget);
    return inner.close();
  }
}

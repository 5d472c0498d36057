package io.sluice.flow;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The one lane to a stream on an event loop, for as long as there are inlets on it. However many
 * sources feed a stream, what keeps credit going costs the same.
 *
 * <p>Confined to its event loop. Inlets may belong to several verticles there; it lives in one of
 * these, and moves to another when the last inlet of that one has left.
 */
final class SharedLane {
  private final Vertx vertx;
  private final String stream;
  private final Lane<Put, Answer> lane;
  private final Duration patience;
  private final Runnable ended;
  private final Map<StreamInlet, Context> inlets = new HashMap<>();

  /** How many inlets belong to each verticle. */
  private final Map<Context, Integer> tenants = new HashMap<>();

  private Context home;

  /**
   * Opens a lane in the context that calls.
   *
   * @param patience how long what a stream did not take waits for the next one
   * @param ended called when the last inlet has left
   */
  SharedLane(Vertx vertx, String stream, Duration patience, Runnable ended) {
    this.vertx = vertx;
    this.stream = stream;
    this.patience = patience;
    this.ended = ended;
    this.home = vertx.getOrCreateContext();
    this.lane = Lane.open(vertx, StreamInlet.address(stream));
  }

  Duration patience() {
    return patience;
  }

  /**
   * One more inlet, which belongs to the context that calls.
   *
   * @param shares of all that work on this event loop
   * @param kept called whenever the stream has kept something that was put into it
   */
  StreamInlet enter(Shares shares, Runnable kept) {
    StreamInlet inlet = new StreamInlet(vertx, stream, this, lane, shares, kept);
    Context context = vertx.getOrCreateContext();
    inlets.put(inlet, context);
    tenants.merge(context, 1, Integer::sum);
    return inlet;
  }

  /** An inlet leaves that holds nothing any more and waits for nothing. */
  Future<Void> leave(StreamInlet inlet) {
    Context context = inlets.remove(inlet);
    tenants.computeIfPresent(context, (same, left) -> left == 1 ? null : left - 1);
    if (inlets.isEmpty()) {
      ended.run();
      return lane.close();
    }
    if (context == home && !tenants.containsKey(home)) {
      moveTo(tenants.keySet().iterator().next());
    }
    return Future.succeededFuture();
  }

  private void moveTo(Context next) {
    home = next;
    next.runOnContext(
        there -> {
          if (home == next) {
            lane.move();
          }
        });
  }
}

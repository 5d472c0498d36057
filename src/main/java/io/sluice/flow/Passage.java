package io.sluice.flow;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;

/**
 * An inlet's way over its lane, in order: what the stream surely did not take, as it was being
 * replaced, is kept and offered to the next one, before anything that came later. Confined to its
 * event loop.
 */
final class Passage {
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** Something on its way; {@code number} is its place in the order. */
  private record Load(long number, long deadline, Put put, Promise<Answer> answer) {
    long weight() {
      return put.batch().weight();
    }
  }

  private final Vertx vertx;
  private final Lane<Put, Answer> lane;
  private final Duration patience;
  private final TreeMap<Long, Load> again = new TreeMap<>();
  private long loads;
  private boolean resending;
  private boolean turnedAway;
  private boolean closed;

  /**
   * The way over a lane.
   *
   * @param patience how long what was not taken is offered again
   */
  Passage(Vertx vertx, Lane<Put, Answer> lane, Duration patience) {
    this.vertx = vertx;
    this.lane = lane;
    this.patience = patience;
  }

  /**
   * Sends what has its weight held on the lane.
   *
   * @return fails as {@link Lane#offer} does, but later with {@link NotTakenException}
   */
  Future<Answer> send(Put put) {
    long deadline = System.nanoTime() + patience.toNanos();
    Load load = new Load(loads++, deadline, put, Promise.promise());
    if (resending) {
      lane.release(load.weight());
      again.put(load.number(), load);
    } else {
      offer(load);
    }
    return load.answer().future();
  }

  private void offer(Load load) {
    lane.offer(load.put(), load.weight())
        .onSuccess(load.answer()::complete)
        .onFailure(
            cause -> {
              if (cause instanceof NotTakenException && !closed) {
                later(load);
              } else {
                load.answer().fail(cause);
              }
            });
  }

  private void later(Load load) {
    again.put(load.number(), load);
    turnedAway = true;
    if (!resending) {
      resending = true;
      next();
    }
  }

  private void next() {
    if (again.isEmpty()) {
      resending = false;
    } else if (turnedAway) {
      turnedAway = false;
      pause();
    } else {
      hold(again.pollFirstEntry().getValue());
    }
  }

  /** Credit of a stream that is gone looks as good as any: no use in spending it at once. */
  private void pause() {
    lane.askSoon();
    vertx.setTimer(PAUSE.toMillis(), over -> next());
  }

  private void hold(Load load) {
    Duration left = Duration.ofNanos(load.deadline() - System.nanoTime());
    Future<Boolean> room =
        left.isNegative() || load.weight() > lane.most()
            ? Future.succeededFuture(false)
            : lane.hold(new Ask(this, 0, load.weight()), left);
    room.onSuccess(
        held -> {
          if (held) {
            offer(load);
          } else {
            load.answer().fail(new NotTakenException());
          }
          vertx.runOnContext(sent -> next());
        });
  }

  /** Offers nothing a second time from now on. */
  void close() {
    closed = true;
    List<Load> left = List.copyOf(again.values());
    again.clear();
    left.forEach(load -> load.answer().fail(new NotTakenException()));
  }
}

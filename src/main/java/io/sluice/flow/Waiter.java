package io.sluice.flow;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;

/** Who stands in a lane's line. Confined to its event loop. */
final class Waiter {
  private final Vertx vertx;
  private final Ask ask;
  private final Line.Place<Waiter> place;
  private final Promise<Boolean> promise = Promise.promise();
  private final long timer;

  /**
   * Joins the line.
   *
   * @param late called when it has waited for too long
   */
  Waiter(Vertx vertx, Line<Waiter> line, Ask ask, Duration wait, Consumer<Waiter> late) {
    this.vertx = vertx;
    this.ask = ask;
    this.place = line.join(ask.who(), ask.bytes(), this);
    this.timer = vertx.setTimer(wait.toMillis(), over -> late.accept(this));
  }

  Ask ask() {
    return ask;
  }

  Line.Place<Waiter> place() {
    return place;
  }

  /** Waits no longer; {@code held} says whether it has its bytes. */
  void served(boolean held) {
    vertx.cancelTimer(timer);
    promise.complete(held);
  }

  Future<Boolean> future() {
    return promise.future();
  }
}

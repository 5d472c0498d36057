package io.sluice.source.poll;

import io.sluice.connector.Cursor;
import io.sluice.connector.Intake;
import io.sluice.connector.Poll;
import io.sluice.connector.Polled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/** A poll that does what it is told. */
final class ScriptedPoll implements Poll {
  /** What one poll does. */
  @FunctionalInterface
  interface Script {
    Future<Polled> poll(Cursor from, Intake into);
  }

  private final Rig rig;
  private Promise<Polled> under = Promise.promise();
  private boolean closed;

  ScriptedPoll(Rig rig) {
    this.rig = rig;
  }

  @Override
  public Future<Polled> poll(Cursor from, Intake into) {
    if (closed) {
      throw new IllegalStateException("polled after its end");
    }
    rig.polled.add(rig.time.nanos());
    rig.from.add(from);
    under = Promise.promise();
    Future<Polled> scripted = rig.script.poll(from, into);
    scripted.onComplete(
        done -> {
          if (done.succeeded()) {
            under.tryComplete(done.result());
          } else {
            under.tryFail(done.cause());
          }
        });
    return under.future();
  }

  @Override
  public Future<Void> close() {
    closed = true;
    rig.closed++;
    under.tryFail("closed");
    return Future.succeededFuture();
  }

  static List<Long> gaps(List<Long> moments) {
    List<Long> gaps = new ArrayList<>();
    for (int i = 1; i < moments.size(); i++) {
      gaps.add((moments.get(i) - moments.get(i - 1)) / 1_000_000);
    }
    return gaps;
  }
}

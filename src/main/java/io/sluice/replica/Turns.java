package io.sluice.replica;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When a server is asked: so often a second and no more, with a second's worth at once; not while
 * it wants to be left alone; and less and less often while it does not answer. Confined to one
 * event loop.
 */
final class Turns {
  private static final int WAITING = 4096;
  private static final long FIRST = Duration.ofMillis(200).toNanos();
  private static final long LONGEST = Duration.ofSeconds(5).toNanos();
  private static final Duration LONGEST_REST = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final long every;
  private final long burst;
  private final Deque<Promise<Void>> waiting = new ArrayDeque<>();

  /** When the next one would be due, if they came evenly (GCRA, ITU-T I.371). */
  private long due = System.nanoTime();

  /** Until when the server wants to be left alone. */
  private long rest = due;

  /** Until when it is not asked because it did not answer. */
  private long backOff = due;

  private long wait = FIRST;
  private @Nullable Long timer;

  Turns(Vertx vertx, int perSecond) {
    this.vertx = vertx;
    this.burst = TimeUnit.SECONDS.toNanos(1);
    this.every = burst / perSecond;
  }

  /** Completes when it is one's turn. */
  Future<Void> next() {
    if (waiting.size() >= WAITING) {
      return Future.failedFuture(new IOException("too many wait for the API server"));
    }
    Promise<Void> turn = Promise.promise();
    waiting.addLast(turn);
    serve();
    return turn.future();
  }

  /** Does not wait in line. */
  Future<Void> now() {
    return rest - System.nanoTime() > 0
        ? Future.failedFuture(new IOException("the API server wants to be left alone"))
        : Future.succeededFuture();
  }

  /** The server said how long it wants to be left alone. */
  void rest(Duration time) {
    Duration bounded = time.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : time;
    rest = System.nanoTime() + bounded.toNanos();
  }

  /** It did not answer, or could not do what was asked for. */
  void failed() {
    long now = System.nanoTime();
    if (now - backOff >= 0) {
      backOff = now + wait / 2 + ThreadLocalRandom.current().nextLong(wait / 2);
      wait = Math.min(LONGEST, wait * 2);
    }
  }

  void answered() {
    wait = FIRST;
    backOff = System.nanoTime();
    serve();
  }

  private void serve() {
    if (timer != null) {
      vertx.cancelTimer(timer);
      timer = null;
    }
    while (!waiting.isEmpty()) {
      long now = System.nanoTime();
      long left = Math.max(Math.max(rest - now, backOff - now), due - now - burst);
      if (left > 0) {
        timer = vertx.setTimer(left / 1_000_000 + 1, go -> serve());
        return;
      }
      due = (due - now > 0 ? due : now) + every;
      waiting.removeFirst().complete();
    }
  }
}

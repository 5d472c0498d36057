package io.sluice.source.poll.http;

import io.sluice.connector.PollException;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A request under way: how much of the answer came, and whether it still comes. An upstream that
 * sends less than {@link #LEAST} bytes in its time is given up, however steadily they drip.
 * Confined to the event loop of its poll.
 */
final class Exchange {
  static final int LEAST = 1024;

  private final Vertx vertx;
  private final Duration within;
  private final Runnable alive;
  private final Promise<Void> broken = Promise.promise();
  private @Nullable HttpClientRequest request;
  private @Nullable HttpClientResponse answer;
  private Pauses.Asked asked = new Pauses.Asked(Duration.ZERO, false);
  private long bytes;
  private long counted;
  private long since;
  private long timer = -1;
  private boolean waiting;
  private boolean over;

  /**
   * An exchange that begins now.
   *
   * @param within longest time without progress
   * @param alive told of progress
   */
  Exchange(Vertx vertx, Duration within, Runnable alive) {
    this.vertx = vertx;
    this.within = within;
    this.alive = alive;
    progress();
    watch(within);
  }

  /** Fails when the exchange is to be given up; never completes otherwise. */
  io.vertx.core.Future<Void> broken() {
    return broken.future();
  }

  boolean isOver() {
    return over;
  }

  void sends(HttpClientRequest request) {
    this.request = request;
    if (over) {
      request.reset();
    }
  }

  @Nullable HttpClientRequest request() {
    return request;
  }

  /** The head of the answer came. */
  void answered(HttpClientResponse head, Pauses.Asked asked) {
    this.answer = head;
    this.asked = asked;
    progress();
  }

  Pauses.Asked asked() {
    return asked;
  }

  void received(int more) {
    bytes += more;
    if (!over && bytes - counted >= LEAST) {
      progress();
    }
  }

  /** Bytes of the body as sent. */
  long bytes() {
    return bytes;
  }

  /** The answer is not read on: its time stands still. */
  void hold() {
    waiting = true;
  }

  void goOn() {
    waiting = false;
    progress();
  }

  private void progress() {
    counted = bytes;
    since = System.nanoTime();
    alive.run();
  }

  private void watch(Duration wait) {
    timer = vertx.setTimer(Math.max(1, wait.toMillis()), now -> look());
  }

  private void look() {
    Duration still = Duration.ofNanos(System.nanoTime() - since);
    if (waiting || still.compareTo(within) < 0) {
      watch(waiting ? within : within.minus(still));
    } else {
      fail(
          PollException.passing(
              "no-progress", "less than " + LEAST + " bytes came in " + within.toMillis() + " ms"));
    }
  }

  /** Gives it up. */
  void fail(Throwable why) {
    broken.tryFail(why);
  }

  /**
   * It is over.
   *
   * @param whole whether the answer was read to its end, so that its connection can be used again
   */
  void end(boolean whole) {
    over = true;
    vertx.cancelTimer(timer);
    if (!whole && request != null) {
      HttpClientResponse head = answer;
      if (head != null) {
        // What came and was not read lies in buffers that only reading gives back.
        head.resume();
      }
      request.reset();
    }
  }
}

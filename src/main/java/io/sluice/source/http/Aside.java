package io.sluice.source.http;

import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Looks through bodies: small ones on the event loop, large ones on another thread, one after the
 * other, so that nobody's small request waits on the loop for a large one.
 */
record Aside(Vertx vertx) {
  /** What takes the loop less than a millisecond. Bytes. */
  private static final int SMALL = 256 << 10;

  /**
   * Does work that takes time in proportion to the bytes.
   *
   * @param then is called on this event loop, before this returns when there is little to do
   * @param failed when the work threw; what {@code then} throws is its own affair
   */
  <T> void run(long bytes, Callable<T> work, Consumer<T> then, Consumer<Throwable> failed) {
    if (bytes > SMALL) {
      vertx.executeBlocking(work, true).onSuccess(then::accept).onFailure(failed::accept);
      return;
    }
    T done;
    try {
      done = work.call();
    } catch (Exception bug) {
      failed.accept(bug);
      return;
    }
    then.accept(done);
  }
}

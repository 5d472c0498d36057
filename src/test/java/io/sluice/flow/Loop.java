package io.sluice.flow;

import io.sluice.sink.OnLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/** One event loop's context, for what is confined to one; called from the test's thread. */
final class Loop extends VerticleBase {
  private Loop() {}

  static Loop of(Vertx vertx) {
    Loop loop = new Loop();
    wait(vertx.deployVerticle(loop));
    return loop;
  }

  /** Runs something there and waits for what it answers. */
  <T> T call(Supplier<T> what) {
    return wait(later(() -> Future.succeededFuture(what.get())));
  }

  /** Runs something there and waits for the end of what it began. */
  <T> T await(Supplier<Future<T>> what) {
    return wait(later(what));
  }

  /** Begins something there. */
  <T> Future<T> later(Supplier<Future<T>> what) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(
        now -> {
          try {
            what.get().onComplete(promise);
          } catch (RuntimeException | Error failure) {
            promise.fail(failure);
          }
        });
    return promise.future();
  }

  static <T> T wait(Future<T> future) {
    return OnLoop.wait(future);
  }
}

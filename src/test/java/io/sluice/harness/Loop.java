package io.sluice.harness;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** One event loop, for what is confined to one; called from the test's thread. */
public final class Loop extends VerticleBase {
  private static final int PATIENCE_SECONDS = 30;

  private Loop() {}

  public static Loop of(Vertx vertx) {
    Loop loop = new Loop();
    wait(vertx.deployVerticle(loop));
    return loop;
  }

  /** Another verticle on the event loop of a first. */
  public static Loop beside(Vertx vertx, Loop first) {
    Thread wanted = first.call(Thread::currentThread);
    while (true) {
      Loop loop = of(vertx);
      if (loop.call(Thread::currentThread) == wanted) {
        return loop;
      }
      loop.end();
    }
  }

  /** Undeploys it, with all that was registered on it; legal twice. */
  public void end() {
    undeploy(vertx, context.deploymentID());
  }

  /** Undeploys all that a Vert.x runs. */
  public static void undeployAll(Vertx vertx) {
    vertx.deploymentIDs().forEach(id -> undeploy(vertx, id));
  }

  /** What another deployed goes with that. */
  private static void undeploy(Vertx vertx, String id) {
    if (vertx.deploymentIDs().contains(id)) {
      wait(vertx.undeploy(id));
    }
  }

  /** Runs something there and waits for what it answers. */
  public <T> T call(Supplier<T> what) {
    return wait(later(() -> Future.succeededFuture(what.get())));
  }

  /** Runs something there and waits until it ran. */
  public void run(Runnable what) {
    call(
        () -> {
          what.run();
          return true;
        });
  }

  /** Runs something there and waits for the end of what it began. */
  public <T> T await(Supplier<Future<T>> what) {
    return wait(later(what));
  }

  /** Begins something there. */
  public <T> Future<T> later(Supplier<Future<T>> what) {
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

  /** Waits, on the test's thread; fails with what the future failed with. */
  public static <T> T wait(Future<T> future) {
    try {
      return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("not within " + PATIENCE_SECONDS + " s", late);
    }
  }
}

package io.sluice.sink;

import io.sluice.connector.Sink;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Calls a sink the way the gateway does: on one event loop; waits for answers off it. */
public final class OnLoop {
  private final Sink sink;
  private final Context loop;

  public OnLoop(Vertx vertx, Sink sink) {
    this.sink = sink;
    this.loop = vertx.getOrCreateContext();
  }

  public Map<String, Position> open() {
    return wait(call(sink::open));
  }

  public Future<Map<String, Position>> opening() {
    return call(sink::open);
  }

  public Future<Outcome> deliver(Delivery delivery) {
    return call(() -> sink.deliver(delivery));
  }

  /** Hands over one behind the other in one turn of the loop, before any of them is answered. */
  public List<Future<Outcome>> deliver(Delivery... inOrder) {
    List<Promise<Outcome>> answers =
        Stream.of(inOrder).map(each -> Promise.<Outcome>promise()).toList();
    loop.runOnContext(
        now -> {
          for (int i = 0; i < inOrder.length; i++) {
            sink.deliver(inOrder[i]).onComplete(answers.get(i));
          }
        });
    return answers.stream().map(Promise::future).toList();
  }

  public Outcome delivered(Delivery delivery) {
    return wait(deliver(delivery));
  }

  public void close() {
    wait(call(sink::close));
  }

  public <T> Future<T> call(Supplier<Future<T>> method) {
    Promise<T> answer = Promise.promise();
    loop.runOnContext(
        now ->
            method
                .get()
                .onComplete(
                    done -> {
                      if (Vertx.currentContext() != loop) {
                        answer.fail("completed off the event loop that called");
                      } else {
                        answer.handle(done);
                      }
                    }));
    return answer.future();
  }

  public static <T> T wait(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception failed) {
      throw new AssertionError(failed.getCause() == null ? failed : failed.getCause());
    }
  }
}

package io.sluice.cli.send;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The attempts at one chunk, one after the other. Confined to one event loop. */
final class Posting {
  /** An answer, of whatever status. */
  record Response(int status, @Nullable String retryAfter, @Nullable Buffer body) {}

  private final Vertx vertx;
  private final Random jitter;
  private final Duration retryFor;
  private final Chunk chunk;
  private final Function<Chunk, Future<Response>> attempt;
  private final Promise<Result> promise = Promise.promise();
  private final long startNanos = System.nanoTime();
  private int retries;

  Posting(
      Vertx vertx,
      Random jitter,
      Duration retryFor,
      Chunk chunk,
      Function<Chunk, Future<Response>> attempt) {
    this.vertx = vertx;
    this.jitter = jitter;
    this.retryFor = retryFor;
    this.chunk = chunk;
    this.attempt = attempt;
  }

  Future<Result> run() {
    attempt.apply(chunk).onComplete(this::answered);
    return promise.future();
  }

  private void answered(AsyncResult<Response> answer) {
    if (answer.failed()) {
      again(Duration.ZERO, String.valueOf(answer.cause().getMessage()));
      return;
    }
    Response response = answer.result();
    switch (Answer.kind(response.status())) {
      case TAKEN -> promise.complete(Answer.taken(chunk, retries, response.body()));
      case REFUSED ->
          promise.complete(Answer.refused(chunk, retries, response.status(), response.body()));
      case HOPELESS ->
          promise.complete(
              Result.ended(chunk, retries, Answer.detail(response.status(), response.body())));
      case AGAIN ->
          again(
              Answer.retryAfter(response.retryAfter(), Instant.now()),
              Answer.detail(response.status(), response.body()));
    }
  }

  private void again(Duration asked, String why) {
    long delay = Sender.delayMillis(jitter, retries, asked);
    Duration spent = Duration.ofNanos(System.nanoTime() - startNanos).plusMillis(delay);
    if (spent.compareTo(retryFor) > 0) {
      promise.complete(Result.ended(chunk, retries, why));
      return;
    }
    retries++;
    vertx.setTimer(delay, timer -> attempt.apply(chunk).onComplete(this::answered));
  }
}

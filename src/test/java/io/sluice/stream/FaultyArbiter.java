package io.sluice.stream;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The way to an arbiter as it can be: questions get lost, answers get lost, an answer was given up
 * and the question arrives all the same, later; the process stands still between writing a question
 * and sending it; and at last it is dead, and hears nothing any more.
 */
final class FaultyArbiter implements Arbiter {
  private final Vertx vertx;
  private final Arbiter inner;
  private final Random random;
  private final int faults;
  private final List<Runnable> stopped = new ArrayList<>();
  private boolean standsStill;
  volatile boolean dead;
  volatile boolean away;
  volatile boolean fenced;

  /**
   * @param faults of a hundred questions
   */
  FaultyArbiter(Vertx vertx, Arbiter inner, long seed, int faults) {
    this.vertx = vertx;
    this.inner = inner;
    this.random = new Random(seed);
    this.faults = faults;
  }

  /** Sends nothing until {@link #goOn}; on the stream's event loop, as that. */
  void standStill() {
    standsStill = true;
  }

  void goOn() {
    standsStill = false;
    List<Runnable> all = List.copyOf(stopped);
    stopped.clear();
    all.forEach(Runnable::run);
  }

  private <T> Future<T> ask(Supplier<Future<T>> question) {
    Promise<T> answer = Promise.promise();
    if (standsStill) {
      stopped.add(() -> send(question, answer));
    } else {
      send(question, answer);
    }
    return answer.future();
  }

  private <T> void send(Supplier<Future<T>> question, Promise<T> answer) {
    int dice = away ? 0 : random.nextInt(100) * 4 / Math.max(1, faults);
    switch (dice) {
      case 0 -> vertx.setTimer(2, lost -> fail(answer));
      case 1 -> question.get().onComplete(done -> fail(answer));
      case 2 -> {
        vertx.setTimer(1 + random.nextInt(300), late -> question.get().onComplete(done -> {}));
        vertx.setTimer(2, lost -> fail(answer));
      }
      case 3 ->
          vertx.setTimer(
              1 + random.nextInt(50),
              late -> question.get().onComplete(done -> told(done, answer)));
      default -> question.get().onComplete(done -> told(done, answer));
    }
  }

  private <T> void fail(Promise<T> answer) {
    if (!dead) {
      answer.fail("lost");
    }
  }

  private <T> void told(io.vertx.core.AsyncResult<T> done, Promise<T> answer) {
    if (!dead) {
      answer.handle(done);
    }
  }

  @Override
  public Future<Standing> take(
      UUID log, UUID owner, int epoch, long from, long known, long next, boolean lasting) {
    return ask(() -> inner.take(log, owner, epoch, from, known, next, lasting));
  }

  @Override
  public Future<Verdict> decide(UUID log, long term, Claim claim) {
    return ask(() -> inner.decide(log, term, claim))
        .onSuccess(verdict -> fenced |= verdict instanceof Verdict.Fenced);
  }

  @Override
  public Future<Long> through(String session) {
    return ask(() -> inner.through(session));
  }

  @Override
  public Future<Boolean> tidy() {
    return ask(inner::tidy);
  }
}

package io.sluice.delivery;

import io.sluice.connector.Sink;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A sink that tries again, with full-jitter exponential backoff, until a delivery is stored. What
 * is refused is halved until the events that are refused stand alone, so that a poisoned one costs
 * only itself; those, and what spent its budget, go to {@link Refusals}. Confined to the event loop
 * that calls it.
 *
 * <p>Order is kept for each stream: until a delivery that failed or was refused is settled, later
 * ones of its stream are held back. Those that were under way beside it already are not called
 * back.
 */
public final class Retrying implements Sink {
  private final Sink inner;
  private final RetryConfig config;
  private final Timers timers;
  private final RandomGenerator random;
  private final Refusals refusals;
  private final DeliveryTelemetry telemetry;
  private final Map<String, Lane> lanes = new HashMap<>();
  private boolean closed;

  public Retrying(
      Sink inner,
      RetryConfig config,
      Timers timers,
      RandomGenerator random,
      Refusals refusals,
      DeliveryTelemetry telemetry) {
    this.inner = inner;
    this.config = config;
    this.timers = timers;
    this.random = random;
    this.refusals = refusals;
    this.telemetry = telemetry;
  }

  @Override
  public Future<Map<String, Position>> open() {
    return inner.open();
  }

  @Override
  public Future<Outcome> deliver(Delivery delivery) {
    if (closed) {
      return Future.succeededFuture(Outcome.retry("the sink is closed"));
    }
    return lanes.computeIfAbsent(delivery.stream(), Lane::new).take(new Attempt(delivery));
  }

  @Override
  public Future<Void> close() {
    closed = true;
    lanes.values().forEach(Lane::letGo);
    return inner.close();
  }

  /** A delivery and how it has fared. */
  private static final class Attempt {
    final Delivery delivery;
    final Promise<Outcome> answer = Promise.promise();
    long begun;
    boolean tried;
    boolean underWay;
    Outcome.@Nullable Retry failure;
    long failedAt;
    Outcome.@Nullable Refused refusal;

    Attempt(Delivery delivery) {
      this.delivery = delivery;
    }
  }

  /** The deliveries of one stream that have no answer yet, in order. */
  private final class Lane {
    private final String stream;
    private final Deque<Attempt> waiting = new ArrayDeque<>();

    /** Whether the first one failed and has not succeeded since: it alone may be tried. */
    private boolean holding;

    private boolean pausing;
    private int failures;
    private long timer;

    Lane(String stream) {
      this.stream = stream;
    }

    Future<Outcome> take(Attempt attempt) {
      waiting.add(attempt);
      if (!holding) {
        send(attempt);
      }
      return attempt.answer.future();
    }

    private void send(Attempt attempt) {
      attempt.underWay = true;
      if (!attempt.tried) {
        attempt.tried = true;
        attempt.begun = timers.nanoTime();
      }
      inner.deliver(attempt.delivery).onSuccess(outcome -> answered(attempt, outcome));
    }

    private void answered(Attempt attempt, Outcome outcome) {
      attempt.underWay = false;
      Runnable consequence =
          outcome.fold(
              new Outcome.Cases<Runnable>() {
                @Override
                public Runnable stored() {
                  return () -> settled(attempt, outcome);
                }

                @Override
                public Runnable retry(Outcome.Retry again) {
                  return closed ? () -> settled(attempt, outcome) : () -> failed(attempt, again);
                }

                @Override
                public Runnable refused(Outcome.Refused no) {
                  return () -> Lane.this.refused(attempt, no);
                }
              });
      consequence.run();
    }

    private void settled(Attempt attempt, Outcome outcome) {
      boolean head = waiting.peekFirst() == attempt;
      waiting.remove(attempt);
      attempt.answer.complete(outcome);
      if (head) {
        goOn();
      }
    }

    private void failed(Attempt attempt, Outcome.Retry again) {
      holding = true;
      attempt.failure = again;
      attempt.failedAt = timers.nanoTime();
      if (waiting.peekFirst() == attempt) {
        failures++;
        pause(attempt, again, config.delay(failures, random));
      }
    }

    private void refused(Attempt attempt, Outcome.Refused refusal) {
      if (closed) {
        settled(attempt, Outcome.retry("the sink was closed before a refusal could be settled"));
        return;
      }
      holding = true;
      attempt.refusal = refusal;
      if (waiting.peekFirst() == attempt) {
        single(attempt, refusal);
      }
    }

    /** Halves what was refused, in its place in the lane, until it is one event. */
    private void single(Attempt attempt, Outcome.Refused refusal) {
      int events = attempt.delivery.events();
      if (events == 1) {
        refuse(attempt, refusal);
        return;
      }
      Attempt first = new Attempt(attempt.delivery.slice(0, events / 2));
      Attempt second = new Attempt(attempt.delivery.slice(events / 2, events));
      waiting.removeFirst();
      waiting.addFirst(second);
      waiting.addFirst(first);
      first
          .answer
          .future()
          .compose(
              one ->
                  one instanceof Outcome.Stored
                      ? second.answer.future()
                      : Future.succeededFuture(one))
          .onSuccess(attempt.answer::complete);
      send(first);
    }

    private void refuse(Attempt attempt, Outcome.Refused refusal) {
      attempt.refusal = null;
      attempt.underWay = true;
      refusals
          .settle(attempt.delivery, refusal.why())
          .onSuccess(
              outcome -> {
                attempt.begun = timers.nanoTime(); // a budget of its own, should it be tried again
                answered(attempt, outcome);
              });
    }

    /** The first one of the lane has its answer: the others may go. */
    private void goOn() {
      int failed = failures;
      failures = 0;
      Attempt next = waiting.peekFirst();
      if (failed > 0) {
        telemetry.goesOn(stream, failed);
      }
      if (next == null || !holding || closed) {
        holding = false;
        return;
      }
      if (next.refusal != null) {
        single(next, next.refusal);
        return;
      }
      if (next.underWay) {
        return; // sent before the first one failed, it may yet be turned away for that
      }
      Outcome.Retry failure = next.failure;
      if (failure != null) {
        // It failed beside the first one. Where that had to wait, this one has waited with it.
        Duration since = Duration.ofNanos(timers.nanoTime() - next.failedAt);
        Duration asked = failure.notBefore().minus(since);
        if (failed == 0 || asked.compareTo(Duration.ZERO) > 0) {
          failures = 1;
          pause(next, failure, failed == 0 ? config.delay(1, random) : asked);
          return;
        }
      }
      holding = false;
      for (Attempt attempt : List.copyOf(waiting)) {
        if (!holding && !attempt.underWay && !attempt.answer.future().isComplete()) {
          send(attempt);
        }
      }
    }

    private void pause(Attempt attempt, Outcome.Retry failure, Duration jittered) {
      Duration asked = failure.notBefore();
      Duration delay = jittered.compareTo(asked) < 0 ? asked : jittered;
      Duration spent = Duration.ofNanos(timers.nanoTime() - attempt.begun);
      boolean over =
          config.budget().map(budget -> spent.plus(delay).compareTo(budget) > 0).orElse(false);
      if (over) {
        refuse(
            attempt,
            new Outcome.Refused("gave up after " + Words.of(spent) + ": " + failure.why()));
        return;
      }
      telemetry.retrying(stream, failures, delay, failure.why());
      pausing = true;
      timer =
          timers.after(
              delay,
              () -> {
                pausing = false;
                send(attempt);
              });
    }

    /** Tries nothing again; what is under way gets its answer still. */
    void letGo() {
      if (pausing) {
        timers.cancel(timer);
        pausing = false;
      }
      for (Attempt attempt : new ArrayList<>(waiting)) {
        if (!attempt.underWay) {
          waiting.remove(attempt);
          attempt.answer.complete(
              Outcome.retry("the sink was closed before it could be delivered"));
        }
      }
    }
  }
}

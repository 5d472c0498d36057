package io.sluice.source.poll.directory;

import io.sluice.connector.Cursor;
import io.sluice.connector.Intake;
import io.sluice.connector.Poll;
import io.sluice.connector.PollContext;
import io.sluice.connector.Polled;
import io.sluice.connector.Step;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of a directory. Confined to the event loop of its source; what touches files
 * happens on threads that the gateway's directory sources share, portion by portion.
 */
final class DirectoryPoll implements Poll {
  private static final String THREADS = "sluice-directory";
  private static final int HOW_MANY = 4;

  /** Longer than any one look at a directory takes. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final DirectorySourceConfig config;
  private final PollContext context;
  private final Known known = new Known();
  private final DirectoryTelemetry telemetry;
  private @Nullable WorkerExecutor threads;
  private @Nullable Passing passing;
  private boolean closed;

  DirectoryPoll(DirectorySourceConfig config, PollContext context) {
    this.config = config;
    this.context = context;
    this.telemetry = new DirectoryTelemetry(context.name(), context.meters());
  }

  @Override
  public Future<Polled> poll(Cursor from, Intake into) {
    WorkerExecutor on = threads;
    if (on == null) {
      on =
          context
              .vertx()
              .createSharedWorkerExecutor(
                  THREADS, HOW_MANY, LONGEST.toNanos(), TimeUnit.NANOSECONDS);
      threads = on;
    }
    Round round = new Round(config, context.name(), context.clock(), known, telemetry, from, into);
    Passing begun = new Passing(round, into, on);
    passing = begun;
    begun.next();
    return begun.done.future();
  }

  /** One poll under way: portion after portion, the next one once there is room for it. */
  private final class Passing {
    private final Round round;
    private final Intake into;
    private final WorkerExecutor on;
    private final Promise<Polled> done = Promise.promise();

    /** Whether it waits for room, and no file is touched. */
    private boolean waiting;

    private boolean ended;

    Passing(Round round, Intake into, WorkerExecutor on) {
      this.round = round;
      this.into = into;
      this.on = on;
    }

    void next() {
      on.executeBlocking(round::next)
          .onComplete(
              portion -> {
                if (portion.succeeded()) {
                  take(portion.result());
                } else {
                  end(Future.failedFuture(portion.cause()));
                }
              });
    }

    private void take(Portion portion) {
      if (closed) {
        end(Future.succeededFuture(Polled.more(Step.NONE)));
        return;
      }
      waiting = true;
      portion
          .batch()
          .map(batch -> into.put(batch, portion.step()))
          .orElseGet(
              () -> {
                into.alive();
                return Future.succeededFuture();
              })
          .onComplete(
              put -> {
                waiting = false;
                if (ended) {
                  return;
                }
                if (put.failed()) {
                  end(Future.failedFuture(put.cause()));
                } else {
                  goOn(portion);
                }
              });
    }

    private void goOn(Portion portion) {
      switch (portion.then()) {
        case GO_ON -> next();
        case MORE -> end(Future.succeededFuture(Polled.more(rest(portion))));
        case ALL -> end(Future.succeededFuture(Polled.all(rest(portion))));
      }
    }

    /** Ends it soon; completes when no file is open any more. */
    Future<?> cut() {
      if (waiting) {
        end(Future.succeededFuture(Polled.more(Step.NONE)));
      }
      return done.future();
    }

    private Step rest(Portion portion) {
      return portion.batch().isPresent() ? Step.NONE : portion.step();
    }

    private void end(Future<Polled> how) {
      if (ended) {
        return;
      }
      ended = true;
      on.executeBlocking(
              () -> {
                round.close();
                return null;
              })
          .transform(shut -> how)
          .onComplete(done);
    }
  }

  @Override
  public Future<Void> close() {
    closed = true;
    WorkerExecutor on = threads;
    threads = null;
    Future<?> cut = passing == null ? Future.succeededFuture() : passing.cut();
    return cut.transform(ended -> on == null ? Future.succeededFuture() : on.close());
  }
}

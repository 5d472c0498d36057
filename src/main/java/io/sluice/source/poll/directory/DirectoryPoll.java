package io.sluice.source.poll.directory;

import io.sluice.connector.Cursor;
import io.sluice.connector.Intake;
import io.sluice.connector.Poll;
import io.sluice.connector.PollContext;
import io.sluice.connector.Polled;
import io.sluice.connector.Step;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
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

  /** How many portions are read, or on their way, at once: then they share what a force costs. */
  private static final int AHEAD = 8;

  /** Longer than any one look at a directory takes. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private final DirectorySourceConfig config;
  private final PollContext context;
  private final Known known = new Known();
  private final DirectoryTelemetry telemetry;
  private @Nullable WorkerExecutor threads;
  private @Nullable Passing passing;

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
    begun.goOn();
    return begun.done.future();
  }

  /**
   * One poll under way: portion after portion, as many at once as there is room for. They are read
   * by one thread at a time, and put in the order in which they were read.
   */
  private final class Passing {
    private final Round round;
    private final Intake into;
    private final WorkerExecutor on;
    private final Context loop = context.vertx().getOrCreateContext();
    private final Promise<Polled> done = Promise.promise();

    /** Completes when no file is touched. */
    private Future<?> untouched = Future.succeededFuture();

    /** Whether somebody reads, or what they read last is still to be taken. */
    private boolean reading;

    /** Portions that are still to come from whoever reads. */
    private int toCome;

    /** Batches for which there is no other room yet. */
    private int putting;

    /** How it ends once all is put. */
    private @Nullable Future<Polled> outcome;

    /** Whoever reads looks at it, too. */
    private volatile boolean ended;

    Passing(Round round, Intake into, WorkerExecutor on) {
      this.round = round;
      this.into = into;
      this.on = on;
    }

    void goOn() {
      if (ended) {
        return;
      }
      if (outcome != null) {
        if (putting == 0) {
          end(outcome);
        }
        return;
      }
      int portions = into.ahead(AHEAD) - putting - toCome;
      if (!reading && portions > 0) {
        reading = true;
        toCome = portions;
        Future<Void> read = on.executeBlocking(() -> read(portions), false);
        untouched = read;
        read.onComplete(this::wasRead);
      }
    }

    /** On a thread for files. */
    private @Nullable Void read(int portions) {
      boolean more = true;
      for (int i = 0; more && i < portions && !ended; i++) {
        Portion portion = round.next();
        more = portion.then() == Portion.Then.GO_ON;
        loop.runOnContext(now -> take(portion));
      }
      return null;
    }

    private void wasRead(AsyncResult<?> all) {
      loop.runOnContext(
          now -> {
            reading = false;
            toCome = 0;
            if (all.failed() && outcome == null) {
              outcome = Future.failedFuture(all.cause());
            }
            goOn();
          });
    }

    private void take(Portion portion) {
      toCome--;
      if (ended || outcome != null) {
        return;
      }
      if (portion.batch().isPresent()) {
        putting++;
        into.put(portion.batch().get(), portion.step()).onComplete(this::wasPut);
      } else {
        into.alive();
      }
      switch (portion.then()) {
        case GO_ON -> goOn();
        case MORE -> outcome = Future.succeededFuture(Polled.more(rest(portion)));
        case ALL -> outcome = Future.succeededFuture(Polled.all(rest(portion)));
      }
    }

    private void wasPut(AsyncResult<Void> put) {
      putting--;
      if (put.failed()) {
        end(Future.failedFuture(put.cause()));
      } else {
        goOn();
      }
    }

    /** Ends it soon; completes when no file is open any more. */
    Future<?> cut() {
      end(Future.succeededFuture(Polled.more(Step.NONE)));
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
      untouched
          .transform(
              nobody ->
                  on.executeBlocking(
                      () -> {
                        round.close();
                        return null;
                      },
                      false))
          .transform(shut -> how)
          .onComplete(done);
    }
  }

  @Override
  public Future<Void> close() {
    WorkerExecutor on = threads;
    threads = null;
    Future<?> cut = passing == null ? Future.succeededFuture() : passing.cut();
    return cut.transform(ended -> on == null ? Future.succeededFuture() : on.close());
  }
}

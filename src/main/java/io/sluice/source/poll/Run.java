package io.sluice.source.poll;

import io.sluice.connector.Cursor;
import io.sluice.connector.Inlet;
import io.sluice.connector.Intake;
import io.sluice.connector.LeaseLostException;
import io.sluice.connector.NoRoomException;
import io.sluice.connector.Poll;
import io.sluice.connector.PollException;
import io.sluice.connector.PollSettings;
import io.sluice.connector.Polled;
import io.sluice.connector.Room;
import io.sluice.connector.Step;
import io.sluice.connector.Turn;
import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Receipt;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One poll, from the room for its first batch to its last receipt. Confined to the event loop of
 * its source.
 *
 * <p>The first thing that goes wrong decides what becomes of it: from then on nothing more is
 * taken, the connector is told to end, and what was put before still gets its receipts.
 */
final class Run implements Intake {
  /** What a batch should weigh: large enough to share costs, small beside a stream's intake. */
  static final int BATCH = 256 * 1024;

  /** How long a connector may take to end once it was told to. */
  private static final Duration TO_END = Duration.ofSeconds(10);

  private final PollSettings settings;
  private final Poll poll;
  private final Inlet inlet;
  private final Progress progress;
  private final Timers timers;
  private final PollTelemetry telemetry;
  private final Promise<Result> end = Promise.promise();
  private final Cursor from;
  private @Nullable Room room;
  private @Nullable Promise<Void> putting;
  private @Nullable Throwable failure;
  private @Nullable Polled polled;
  private boolean read;
  private boolean closed;
  private int inFlight;
  private int waits;
  private long sign;
  private long events;
  private long fresh;
  private long timer;

  /**
   * What a poll came to.
   *
   * @param polled what the connector said; null when the poll failed
   * @param failure what went wrong first; null when nothing did
   * @param events how many were put and kept
   * @param fresh how many of them the stream did not have
   * @param moved whether the cursor is somewhere else now
   * @param closed whether the connector was told to end, and cannot be asked again
   */
  record Result(
      @Nullable Polled polled,
      @Nullable Throwable failure,
      long events,
      long fresh,
      boolean moved,
      boolean closed) {}

  /**
   * A poll that did not begin.
   *
   * @param room for its first batch
   */
  Run(
      PollSettings settings,
      Poll poll,
      Inlet inlet,
      Room room,
      Progress progress,
      Timers timers,
      PollTelemetry telemetry) {
    this.settings = settings;
    this.poll = poll;
    this.inlet = inlet;
    this.room = room;
    this.progress = progress;
    this.from = progress.cursor();
    this.timers = timers;
    this.telemetry = telemetry;
  }

  /** Asks. The future never fails. */
  Future<Result> begin() {
    sign = timers.nanos();
    timer = timers.after(settings.timeout(), this::watch);
    Future<Polled> asked;
    try {
      asked = poll.poll(from, this);
    } catch (RuntimeException | Error bug) {
      asked = Future.failedFuture(bug);
    }
    asked.onComplete(this::read);
    return end.future();
  }

  /** Completes when it is over, whatever came of it. */
  Future<Result> ended() {
    return end.future();
  }

  /** Ends it, unless it has ended. */
  void fail(Throwable why) {
    if (failure != null || end.future().isComplete()) {
      return;
    }
    failure = why;
    letGo();
    Promise<Void> waiting = putting;
    putting = null;
    if (!read) {
      closed = true;
      timers.cancel(timer);
      timer = timers.after(TO_END, () -> read(Future.failedFuture(why)));
      poll.close();
    }
    if (waiting != null) {
      waiting.fail(why);
    }
  }

  @Override
  public int batchBytes() {
    return BATCH;
  }

  @Override
  public int maxEventBytes() {
    return (int) settings.maxEventBytes().bytes();
  }

  @Override
  public void alive() {
    sign = timers.nanos();
  }

  /** The poll waits for something of ours: its upstream is not to blame. */
  void suspend() {
    waits++;
  }

  void goOn() {
    waits--;
    alive();
  }

  /** A turn that came, unless the lease ran out while it was waited for. */
  Future<Turn> use(Turn given) {
    if (progress.valid()) {
      return Future.succeededFuture(given);
    }
    given.over(0, Duration.ZERO);
    return Future.failedFuture(new LeaseLostException("the lease ran out"));
  }

  @Override
  public Future<Void> put(Batch batch, Step step) {
    alive();
    if (failure == null && !progress.valid()) {
      // Somebody else may be reading the same.
      fail(new LeaseLostException("the lease ran out"));
    }
    Throwable why = failure;
    if (why != null) {
      return Future.failedFuture(why);
    }
    Room mine = room;
    if (mine == null || read) {
      throw new IllegalStateException("put before there was room for it, or after the end");
    }
    room = null;
    Promise<Void> next = Promise.promise();
    putting = next;
    suspend();
    long more = batch.weight() - mine.bytes();
    Future<Void> fits = more > 0 ? mine.grow(more, settings.timeout()) : Future.succeededFuture();
    fits.onComplete(grown -> place(mine, batch, step, grown))
        .compose(grown -> inlet.reserve(BATCH, settings.timeout()))
        .onComplete(this::roomCame);
    return next.future();
  }

  private void place(Room mine, Batch batch, Step step, AsyncResult<Void> grown) {
    if (grown.failed() || failure != null) {
      mine.release();
      return;
    }
    Progress.Entry entry = progress.expect(step);
    long began = timers.nanos();
    inFlight++;
    mine.put(batch, Ack.STORED).onComplete(answer -> settled(entry, batch, began, answer));
  }

  private void roomCame(AsyncResult<Room> came) {
    goOn();
    if (came.succeeded() && (failure != null || read)) {
      came.result().release();
    } else if (came.succeeded()) {
      room = came.result();
      Promise<Void> waiting = putting;
      putting = null;
      if (waiting != null) {
        waiting.complete();
      }
    } else {
      fail(came.cause());
    }
  }

  private void settled(Progress.Entry entry, Batch batch, long began, AsyncResult<Receipt> answer) {
    inFlight--;
    if (answer.failed()) {
      fail(answer.cause());
    } else if (answer.result() instanceof Receipt.Kept kept) {
      events += batch.size();
      fresh += kept.events();
      telemetry.kept(kept.events(), batch.bytes(), timers.nanos() - began);
      progress.kept(entry);
    } else if (answer.result() instanceof Receipt.Refused refused) {
      fail(new NoRoomException(refused));
    }
    finish();
  }

  private void watch() {
    Duration silent = Duration.ofNanos(timers.nanos() - sign);
    if (waits > 0) {
      timer = timers.after(settings.timeout(), this::watch);
    } else if (silent.compareTo(settings.timeout()) >= 0) {
      fail(
          PollException.passing(
              "timeout", "nothing came for " + settings.timeout().toMillis() + " ms"));
    } else {
      timer = timers.after(settings.timeout().minus(silent), this::watch);
    }
  }

  private void read(AsyncResult<Polled> answer) {
    if (read) {
      return;
    }
    read = true;
    timers.cancel(timer);
    letGo();
    if (failure == null && answer.succeeded()) {
      polled = answer.result();
      progress.kept(progress.expect(answer.result().step()));
    } else if (failure == null) {
      failure = answer.cause();
    }
    finish();
  }

  private void letGo() {
    Room unused = room;
    room = null;
    if (unused != null) {
      unused.release();
    }
  }

  private void finish() {
    if (read && inFlight == 0 && !end.future().isComplete()) {
      progress.abandon();
      boolean moved = !progress.cursor().equals(from);
      end.complete(
          new Result(failure == null ? polled : null, failure, events, fresh, moved, closed));
    }
  }
}

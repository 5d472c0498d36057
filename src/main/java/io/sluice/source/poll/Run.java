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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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

  /**
   * What may be on its way to the stream and without a receipt: several times what a journal forces
   * at once, and little enough that others do not wait long behind it. Bytes.
   */
  static final long MOST_UNDER_WAY = 8 << 20;

  /** How long a connector may take to end once it was told to. */
  private static final Duration TO_END = Duration.ofSeconds(10);

  private final PollSettings settings;
  private final Poll poll;
  private final Progress progress;
  private final Timers timers;
  private final PollTelemetry telemetry;
  private final Promise<Result> end = Promise.promise();
  private final Cursor from;
  private final Rooms rooms;

  /** Batches that were put and wait for those before them. */
  private final Deque<Pending> queue = new ArrayDeque<>();

  /** Those who wait until there is room again. */
  private final Set<Promise<Void>> waiting = new LinkedHashSet<>();

  /** Those of them who wait for receipts first. */
  private final Deque<Promise<Void>> held = new ArrayDeque<>();

  /** The most batches that the connector was told it may have in hand, and how many it has put. */
  private int told = 1;

  private int puts;
  private boolean placing;
  private long underWay;
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

  private record Pending(Batch batch, Step step, Promise<Void> again) {}

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
    this.rooms = new Rooms(inlet, room, settings.timeout());
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
    rooms.close();
    queue.clear();
    held.clear();
    List<Promise<Void>> all = List.copyOf(waiting);
    waiting.clear();
    if (!read) {
      closed = true;
      timers.cancel(timer);
      timer = timers.after(TO_END, () -> read(Future.failedFuture(why)));
      poll.close();
    }
    all.forEach(each -> each.fail(why));
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
    if (puts == told || read) {
      throw new IllegalStateException("put before there was room for it, or after the end");
    }
    puts++;
    Promise<Void> again = wait(Promise.promise());
    queue.add(new Pending(batch, step, again));
    advance();
    return again.future();
  }

  private Promise<Void> wait(Promise<Void> promise) {
    waiting.add(promise);
    suspend();
    return promise;
  }

  /** One after the other, so that they stay in order however long one waits for room. */
  private void advance() {
    Pending next = placing ? null : queue.poll();
    if (next != null) {
      placing = true;
      rooms
          .take(next.batch())
          .onComplete(
              room -> {
                placing = false;
                place(next, room);
                advance();
              });
    }
  }

  private void place(Pending next, AsyncResult<Room> room) {
    if (room.failed()) {
      fail(room.cause());
      return;
    }
    if (failure != null) {
      room.result().release();
      return;
    }
    Progress.Entry entry = progress.expect(next.step());
    long began = timers.nanos();
    inFlight++;
    underWay += next.batch().weight();
    room.result()
        .put(next.batch(), Ack.STORED)
        .onComplete(answer -> settled(entry, next.batch(), began, answer));
    follow(next.again());
  }

  /** Seeks room in place of one that was used, unless too much has no receipt yet. */
  private void follow(Promise<Void> again) {
    if (underWay > MOST_UNDER_WAY) {
      held.add(again);
    } else {
      rooms.again().onComplete(came -> roomCame(again, came));
    }
  }

  private void roomCame(Promise<Void> again, AsyncResult<Void> came) {
    goOn();
    if (came.failed()) {
      fail(came.cause());
    } else if (waiting.remove(again)) {
      puts--;
      again.complete();
    }
  }

  @Override
  public int ahead(int most) {
    int now = rooms.widen(most);
    told = Math.max(told, now);
    return now;
  }

  @Override
  public Future<Void> gathered(long bytes) {
    Throwable why = failure;
    if (why != null) {
      return Future.failedFuture(why);
    }
    Future<Void> grown = rooms.grow(bytes);
    if (grown.succeeded()) {
      return grown;
    }
    Promise<Void> counted = wait(Promise.promise());
    grown.onComplete(
        done -> {
          goOn();
          if (done.failed()) {
            fail(done.cause());
          } else if (waiting.remove(counted)) {
            counted.complete();
          }
        });
    return counted.future();
  }

  private void settled(Progress.Entry entry, Batch batch, long began, AsyncResult<Receipt> answer) {
    inFlight--;
    underWay -= batch.weight();
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
    while (!held.isEmpty() && underWay <= MOST_UNDER_WAY) {
      follow(held.remove());
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
    rooms.close();
    if (failure == null && answer.succeeded()) {
      polled = answer.result();
      progress.kept(progress.expect(answer.result().step()));
    } else if (failure == null) {
      failure = answer.cause();
    }
    finish();
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

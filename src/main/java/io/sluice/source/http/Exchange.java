package io.sluice.source.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.sluice.codec.Coding;
import io.sluice.codec.Fault;
import io.sluice.codec.Region;
import io.sluice.codec.Split;
import io.sluice.connector.NoRoomException;
import io.sluice.connector.Room;
import io.sluice.event.Batch;
import io.sluice.event.Origin;
import io.sluice.event.Receipt;
import io.sluice.net.Problem;
import io.sluice.net.Refusals;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: room, body, events, receipt, answer. Confined to its endpoint's event
 * loop.
 *
 * <p>Room is taken before the body is read and grows before it does, so what waits in memory is
 * always counted. Whoever ends the exchange gives the room back or has put it into the stream.
 */
final class Exchange {
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence APPLIED = HttpHeaders.createOptimized("preference-applied");

  /** Room for a body of unknown length, at first. Bytes. */
  private static final int FIRST_ROOM = 16 << 10;

  /** Room that a batch needs beside its bytes, whatever they are. */
  private static final int SLACK = 64;

  private enum Step {
    /** Stands in line for room; nothing of the body is read meanwhile. */
    ENTERING,
    /** Receives the body. */
    RECEIVING,
    /** Has the body, and is about to put its events. */
    SORTING,
    /** Waits for the receipt. */
    WAITING,
    /** Is answered; the client has not received all of it yet. */
    FLUSHING,
    OVER
  }

  private final Desk desk;
  private final HttpServerRequest request;
  private final RequestHead head;
  private final Runnable over;
  private final long begun = System.nanoTime();
  private final Region region;
  private Step step = Step.ENTERING;
  private @Nullable Room room;
  private long received;

  /** When the step began, as far as deadlines go. */
  private long since = begun;

  private boolean paused;
  private Idempotency.@Nullable Id id;

  Exchange(Desk desk, HttpServerRequest request, RequestHead head, Runnable over) {
    this.desk = desk;
    this.request = request;
    this.head = head;
    this.over = over;
    this.region = new Region(head.length(), (int) desk.config().maxBodyBytes().bytes());
  }

  void begin() {
    desk.open().add(this);
    request.exceptionHandler(this::broken);
    desk.inlet().reserve(firstRoom(), head.roomWithin()).onComplete(this::entered);
    if (step == Step.ENTERING) {
      pause();
    }
  }

  private long firstRoom() {
    return head.length() < 0 ? FIRST_ROOM : roomFor(head.length());
  }

  /** Room for a body: its bytes, and what its events weigh beside them unless they are tiny. */
  private static long roomFor(long bytes) {
    return bytes + (bytes >>> 4) + SLACK;
  }

  private void entered(AsyncResult<Room> reserved) {
    if (reserved.failed()) {
      noRoom(reserved.cause());
      return;
    }
    Room taken = reserved.result();
    if (step != Step.ENTERING) {
      taken.release();
      return;
    }
    room = taken;
    step = Step.RECEIVING;
    since = paused ? System.nanoTime() : begun;
    request.handler(this::chunk).endHandler(this::received);
    if (head.expectsContinue()) {
      request.response().writeContinue();
    }
    proceed();
  }

  private void chunk(Buffer chunk) {
    if (step != Step.RECEIVING) {
      return;
    }
    received += chunk.length();
    if (received > desk.config().maxBodyBytes().bytes()) {
      refuse(new Problems(desk.config()).bodyTooLarge());
    } else if (head.length() >= 0) {
      region.append(chunk);
    } else {
      withRoom(roomFor(received), () -> region.append(chunk));
    }
  }

  /** Does something that needs room for {@code bytes} in all; the body stands still meanwhile. */
  private void withRoom(long bytes, Runnable then) {
    Room held = room;
    if (held == null) {
      return;
    }
    if (held.bytes() >= bytes) {
      then.run();
      return;
    }
    long more = Math.max(bytes - held.bytes(), Math.min(held.bytes(), roomFor(maxBody()) - bytes));
    Step meanwhile = step;
    long asked = System.nanoTime();
    pause();
    held.grow(more, head.roomWithin())
        .onComplete(
            grown -> {
              if (step != meanwhile) {
                return;
              }
              if (grown.failed()) {
                noRoom(grown.cause());
                return;
              }
              since += System.nanoTime() - asked;
              safely(then);
              proceed();
            });
  }

  private long maxBody() {
    return desk.config().maxBodyBytes().bytes();
  }

  private void received(@Nullable Void end) {
    if (step == Step.RECEIVING) {
      step = Step.SORTING;
      safely(this::sort);
    }
  }

  private void sort() {
    if (region.size() == 0) {
      refuse(Problems.emptyBody());
      return;
    }
    int size = region.size();
    byte[] body = region.release();
    if (head.key().isEmpty()) {
      decode(body, size);
    } else {
      identify(body, size);
    }
  }

  private void identify(byte[] body, int size) {
    Idempotency.Id mine = new Idempotency.Id(head.principal(), head.key());
    String print = Fingerprints.of(head.mediaType().eventType(), body, size);
    desk.idempotency()
        .begin(mine, print, desk.loop())
        .onSuccess(
            ruling -> {
              Success first = ruling.answer();
              if (ruling.verdict() == Idempotency.Verdict.FIRST) {
                id = mine;
              }
              if (step != Step.SORTING) {
                forget();
              } else if (ruling.verdict() == Idempotency.Verdict.FIRST) {
                safely(() -> decode(body, size));
              } else if (first != null) {
                release();
                answer(first);
              } else if (ruling.verdict() == Idempotency.Verdict.REUSED) {
                refuse(Problems.keyReused());
              } else {
                refuse(Problems.keyRunning());
              }
            });
  }

  private void decode(byte[] body, int size) {
    if (head.coding() == Coding.IDENTITY) {
      split(body, size);
    } else {
      new Inflating(head.coding(), body, size, maxBody()).step(this::inflate);
    }
  }

  /** One attempt to undo the coding, within as many bytes as there is room for. */
  private void inflate(Inflating inflating) {
    withRoom(
        roomFor(inflating.most()),
        () -> inflating.attempt(this::inflate, this::refuse, this::split));
  }

  private void split(byte[] body, int size) {
    MediaType type = head.mediaType();
    Origin origin =
        new Origin(desk.source(), head.principal(), type.eventType(), desk.clock().instant());
    Split split =
        desk.splitter().split(type.shape(), body, 0, size, origin, head.preferences().lenient());
    split.fold(new Sorted());
  }

  /** What becomes of a body once it is split. */
  private final class Sorted implements Split.Cases<Step> {
    @Override
    public Step taken(Split.Taken split) {
      withRoom(split.batch().weight(), () -> put(split.batch(), split.rejected()));
      return step;
    }

    @Override
    public Step nothing(Split.Nothing split) {
      refuse(Problems.emptyBody());
      return step;
    }

    @Override
    public Step refused(Split.Refused split) {
      refuse(Problems.faulty(split));
      return step;
    }
  }

  private void put(Batch batch, List<Fault> rejected) {
    Room held = room;
    if (held == null) {
      return;
    }
    room = null;
    step = Step.WAITING;
    long put = System.nanoTime();
    held.put(batch, head.ack())
        .onSuccess(receipt -> receipt.fold(new Answering(rejected, batch.bytes(), put)))
        .onFailure(this::failed);
  }

  /** What the client hears once the receipt is there; it may have heard 504 already. */
  private final class Answering implements Receipt.Cases<Step> {
    private final List<Fault> rejected;
    private final int bytes;
    private final long put;

    Answering(List<Fault> rejected, int bytes, long put) {
      this.rejected = rejected;
      this.bytes = bytes;
      this.put = put;
    }

    @Override
    public Step kept(Receipt.Kept kept) {
      desk.telemetry().kept(kept.events(), bytes, System.nanoTime() - put);
      Success success = Success.of(kept, rejected);
      if (id != null) {
        desk.idempotency().answered(id, success);
        id = null;
      }
      if (step == Step.WAITING) {
        answer(success);
      }
      return step;
    }

    @Override
    public Step refused(Receipt.Refused refused) {
      if (step == Step.WAITING) {
        refuse(Problems.refused(refused));
      } else {
        forget();
      }
      return step;
    }
  }

  private void answer(Success success) {
    HttpServerResponse response = request.response();
    Preferences preferences = head.preferences();
    response.setStatusCode(success.status(preferences.minimal()));
    String applied = preferences.applied(success.ack());
    if (!applied.isEmpty()) {
      response.putHeader(APPLIED, applied);
    }
    if (preferences.minimal()) {
      flushing(response.end());
    } else {
      response.putHeader(HttpHeaders.CONTENT_TYPE, JSON);
      flushing(response.end(success.body()));
    }
  }

  private void noRoom(Throwable cause) {
    if (cause instanceof NoRoomException none) {
      refuse(Problems.refused(none.refused()));
    } else {
      failed(cause);
    }
  }

  /** A bug of ours costs the request it shows itself in. */
  private void safely(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException bug) {
      failed(bug);
    }
  }

  private void failed(Throwable bug) {
    desk.telemetry().failed(request, bug);
    refuse(Problems.failed());
  }

  /** Nothing of this request is promised to be kept, so a repetition is as good as the first. */
  private void refuse(Problem problem) {
    forget();
    complain(problem);
  }

  private void complain(Problem problem) {
    if (step == Step.FLUSHING || step == Step.OVER) {
      return;
    }
    release();
    desk.telemetry().refused(problem.code());
    String applied = head.preferences().applied(null);
    if (!applied.isEmpty()) {
      request.response().putHeader(APPLIED, applied);
    }
    flushing(Refusals.answer(desk.vertx(), request, problem, desk.ids().next()));
  }

  private void flushing(Future<Void> flushed) {
    step = Step.FLUSHING;
    since = System.nanoTime();
    flushed.onComplete(done -> finish());
  }

  /** The connection or stream broke, or what came is not HTTP. */
  private void broken(Throwable cause) {
    if (step != Step.ENTERING && step != Step.RECEIVING) {
      return;
    }
    boolean gone = cause instanceof HttpClosedException || cause instanceof StreamResetException;
    if (gone || cause instanceof IOException) {
      desk.telemetry().aborted();
      release();
      forget();
      // What Vert.x holds back of the body is let go of only when it flows.
      proceed();
      finish();
      return;
    }
    refuse(
        cause instanceof TooLongHttpHeaderException
            ? Problems.trailersTooLarge()
            : Problems.bodyMalformed());
    // Vert.x is about to close the connection without a flush; closing it first does flush.
    request.connection().close();
  }

  /** Looks at the deadlines. */
  void check(long now) {
    long elapsed = now - since;
    switch (step) {
      case RECEIVING -> {
        if (!paused && tooSlow(elapsed)) {
          refuse(Problems.bodyTooSlow());
        }
      }
      case WAITING -> {
        if (now - begun > head.answerWithin()) {
          complain(Problems.late());
        }
      }
      case FLUSHING -> {
        if (elapsed > desk.config().flushWithin().toNanos()) {
          desk.telemetry().refused("slow-reader");
          request.connection().close();
          finish();
        }
      }
      default -> {}
    }
  }

  private boolean tooSlow(long elapsed) {
    Duration grace = desk.config().idleTimeout();
    long rate = desk.config().minBodyRate().bytes();
    long late = elapsed - grace.toNanos();
    return elapsed > desk.config().bodyWithin().toNanos()
        || (late > 0 && rate > 0 && received < late / 1_000_000_000.0 * rate);
  }

  /** Answers at once, as far as it got. */
  void dismiss() {
    if (step == Step.WAITING) {
      complain(Problems.late());
    } else {
      refuse(Problems.draining());
    }
    finish();
  }

  private void finish() {
    if (step != Step.OVER) {
      step = Step.OVER;
      desk.open().remove(this);
      over.run();
    }
  }

  private void release() {
    Room held = room;
    if (held != null) {
      room = null;
      held.release();
    }
  }

  private void forget() {
    Idempotency.Id mine = id;
    if (mine != null) {
      id = null;
      desk.idempotency().forget(mine);
    }
  }

  private void pause() {
    if (!paused) {
      paused = true;
      request.pause();
    }
  }

  private void proceed() {
    if (paused) {
      paused = false;
      request.resume();
    }
  }
}

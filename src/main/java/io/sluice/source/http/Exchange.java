package io.sluice.source.http;

import io.sluice.codec.Fault;
import io.sluice.codec.Region;
import io.sluice.codec.Split;
import io.sluice.connector.NoRoomException;
import io.sluice.connector.Party;
import io.sluice.connector.Room;
import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Receipt;
import io.sluice.net.Problem;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: room, body, events, receipt, answer. Confined to its endpoint's event
 * loop.
 *
 * <p>Room is taken before the body is read and grows before it does, so what waits in memory is
 * always counted. Whoever ends the exchange gives the room back or has put it into the stream.
 */
final class Exchange implements Unpacking.Owner {
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

  private final Reading reading;
  private final String party;
  private final Spending spending;
  private final Task task = new Task();
  private final Unpacking unpacking;
  private final Once once;
  private final Reply reply;

  Exchange(Desk desk, HttpServerRequest request, RequestHead head, Runnable over) {
    this.desk = desk;
    this.request = request;
    this.head = head;
    this.over = over;
    this.reading = new Reading(request, desk.loop());
    this.region = new Region(head.length(), (int) desk.config().maxBodyBytes().bytes());
    this.party = Party.of(head.sender().principal(), request.remoteAddress().hostAddress());
    this.spending = new Spending(desk.quota(), party);
    this.unpacking = new Unpacking(desk, head, this);
    this.once = new Once(desk, head);
    this.reply = new Reply(desk, request, head.preferences());
  }

  void begin() {
    desk.open().add(this);
    request.exceptionHandler(this::broken);
    long wait = spending.begin(head.length());
    spending.tell(request.response().headers());
    if (wait > 0) {
      overQuota(wait);
    } else {
      desk.inlet()
          .reserve(party, Sizes.first(head.length()), head.roomWithin())
          .onComplete(this::entered);
    }
    if (step == Step.ENTERING) {
      reading.pause();
    }
  }

  private void overQuota(long wait) {
    Task.toRefuse(desk, party, head, () -> step != Step.ENTERING)
        .onSuccess(
            now -> {
              if (step == Step.ENTERING) {
                refuse(Problems.overQuota(wait));
              }
            })
        .onFailure(this::noRoom);
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
    since = reading.isPaused() ? System.nanoTime() : begun;
    request.handler(this::chunk).endHandler(this::received);
    if (head.expectsContinue()) {
      request.response().writeContinue();
    }
    reading.proceed();
  }

  private void chunk(Buffer chunk) {
    if (step != Step.RECEIVING) {
      return;
    }
    received += chunk.length();
    reading.came(chunk.length());
    spending.received(received);
    if (received > maxBody()) {
      refuse(new Problems(desk.config()).bodyTooLarge());
      return;
    }
    head.sender().add(chunk);
    if (head.length() >= 0) {
      region.append(chunk);
    } else {
      withRoom(Sizes.roomFor(received), () -> region.append(chunk));
    }
  }

  /** Does something that needs room for {@code bytes} in all; the body stands still meanwhile. */
  @Override
  public void withRoom(long bytes, Runnable then) {
    Room held = room;
    if (held == null) {
      return;
    }
    if (held.bytes() >= bytes) {
      then.run();
      return;
    }
    long more =
        Math.max(bytes - held.bytes(), Math.min(held.bytes(), Sizes.roomFor(maxBody()) - bytes));
    Step meanwhile = step;
    long asked = System.nanoTime();
    reading.pause();
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
              reading.proceed();
            });
  }

  private long maxBody() {
    return desk.config().maxBodyBytes().bytes();
  }

  private void received(@Nullable Void end) {
    if (step == Step.RECEIVING) {
      step = Step.SORTING;
      reading.end();
      safely(this::sort);
    }
  }

  private void sort() {
    Optional<Problem> unproved = head.sender().prove();
    if (unproved.isPresent() || (region.size() == 0 && head.binary().isEmpty())) {
      refuse(unproved.orElseGet(Problems::emptyBody));
      return;
    }
    task.begin(desk.inlet(), party, region.size())
        .onSuccess(begun -> safely(this::look))
        .onFailure(this::noRoom);
  }

  private void look() {
    if (step != Step.SORTING) {
      return;
    }
    int size = region.size();
    byte[] body = region.release();
    if (once.wanted()) {
      once.ask(body, size).onSuccess(ruling -> judged(ruling, body, size)).onFailure(this::failed);
    } else {
      unpacking.begin(body, size);
    }
  }

  private void judged(Idempotency.Ruling ruling, byte[] body, int size) {
    Success first = ruling.answer();
    if (step != Step.SORTING) {
      once.forget();
    } else if (ruling.verdict() == Idempotency.Verdict.FIRST) {
      safely(() -> unpacking.begin(body, size));
    } else if (first != null) {
      release();
      flushing(reply.success(first));
    } else if (ruling.verdict() == Idempotency.Verdict.REUSED) {
      refuse(Problems.keyReused());
    } else {
      refuse(Problems.keyRunning());
    }
  }

  @Override
  public void unpacked(Split.Taken split) {
    if (step == Step.SORTING) {
      spending.events(split.batch().size());
      withRoom(split.batch().weight(), () -> put(split.batch(), split.rejected()));
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
    since = put;
    Future<Receipt> receipt = held.put(batch, head.ack());
    if (head.ack() == Ack.DELIVERED) {
      task.end();
    }
    receipt
        .onSuccess(came -> came.fold(new Answering(rejected, batch.bytes(), put)))
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
      once.answered(success);
      if (step == Step.WAITING) {
        flushing(reply.success(success));
      }
      return step;
    }

    @Override
    public Step refused(Receipt.Refused refused) {
      if (step == Step.WAITING) {
        refuse(Problems.refused(refused));
      } else {
        once.forget();
      }
      return step;
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

  @Override
  public void failed(Throwable bug) {
    desk.telemetry().failed(request, bug);
    refuse(Problems.failed());
  }

  /** Nothing of this request is promised to be kept, so a repetition is as good as the first. */
  @Override
  public void refuse(Problem problem) {
    once.forget();
    complain(problem);
  }

  private void complain(Problem problem) {
    if (step == Step.FLUSHING || step == Step.OVER) {
      return;
    }
    release();
    reading.end();
    flushing(reply.problem(problem));
  }

  private void flushing(Future<Void> flushed) {
    step = Step.FLUSHING;
    task.end();
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
    } else if (request.version() == HttpVersion.HTTP_2) {
      desk.telemetry().refused(Problems.broken(cause).code());
      request.response().reset(1); // PROTOCOL_ERROR: the stream ends, the connection goes on
    } else {
      refuse(Problems.broken(cause));
      // Vert.x is about to close the connection without a flush; closing it first does flush.
      request.connection().close();
      return;
    }
    release();
    once.forget();
    // What Vert.x holds back of the body is let go of only when it flows.
    reading.proceed();
    finish();
  }

  /** Looks at the deadlines. */
  void check(long now) {
    long elapsed = now - since;
    switch (step) {
      case RECEIVING -> {
        if (!reading.isPaused() && desk.tooSlow(elapsed, received)) {
          refuse(Problems.bodyTooSlow());
        }
      }
      case WAITING -> {
        if (elapsed > head.answerWithin()) {
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
      task.end();
      spending.over(received);
      desk.open().remove(this);
      over.run();
    }
  }

  private void release() {
    if (room != null) {
      room.release();
      room = null;
    }
  }
}

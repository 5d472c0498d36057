package io.sluice.source.websocket;

import io.sluice.auth.Brake;
import io.sluice.codec.Fault;
import io.sluice.codec.Split;
import io.sluice.connector.NoRoomException;
import io.sluice.connector.Room;
import io.sluice.connector.Work;
import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Events on one connection on their way into the stream. Confined to its endpoint's event loop.
 *
 * <p>Room is taken for what came before more is read. Without a session every read's messages go
 * into the stream at once. With one they go one batch after the other, each once the one before is
 * stored, and what comes meanwhile is the next batch: receipts are as many as there are commits.
 */
final class Pushing implements Conversation {
  /** After so many events in a row that are not taken, the client gets no further. */
  static final int MAX_REFUSED = 10;

  private static final long LEAST_CREDIT = 64 << 10;
  private static final Work NONE = () -> {};

  private final Desk desk;
  private final String principal;
  private final String party;
  private final Inbox inbox;
  private final Numbers numbers;
  private final ArrayDeque<Run> runs = new ArrayDeque<>(2);
  private final Promise<String> settled = Promise.promise();
  private final Brake brake;
  private @Nullable Connection connection;
  private @Nullable Room room;

  /** On what was sorted last, until all of it is kept. */
  private Work work = NONE;

  private boolean waiting;
  private boolean resuming;
  private int inFlight;
  private boolean finishing;
  private boolean over;

  /** Events to be put together, and the first number they stand for. */
  record Run(Batch batch, long first) {}

  /**
   * @param party on whose behalf room is taken
   */
  Pushing(Desk desk, String principal, String party, Inbox inbox, Numbers numbers) {
    this.desk = desk;
    this.principal = principal;
    this.party = party;
    this.brake = new Brake(desk.vertx(), desk.quota(), party, this::flow);
    this.inbox = inbox;
    this.numbers = numbers;
  }

  @Override
  public void open(Connection opened) {
    connection = opened;
    resuming = true;
    brake.came(0, 0);
    numbers.begin(desk.inlet()).onSuccess(this::begun).onFailure(cause -> untold());
    flow();
  }

  private void begun(long through) {
    resuming = false;
    Connection open = connection;
    if (!over && open != null) {
      numbers.ready(through, credit()).ifPresent(open::send);
      flow();
    }
  }

  /** The stream does not run, or cannot ask its replicas: both is worth another try. */
  private void untold() {
    Connection open = connection;
    if (open != null && !over) {
      desk.telemetry().refused("session-untold");
      open.close(CloseCode.TRY_LATER, "session-untold");
    }
  }

  @Override
  public void arriving(int bytes, Runnable then) {
    if (room(roomFor(inbox.bytes() + bytes), then)) {
      then.run();
    }
  }

  /** Room for messages of so many bytes, frames and all: no event costs more beside them. */
  private static long roomFor(long bytes) {
    return bytes + (bytes >>> 1) + 64;
  }

  /**
   * Whether there is room for so many bytes now.
   *
   * @param then what to do once there is, if there is not
   */
  private boolean room(long bytes, Runnable then) {
    Room held = room;
    if (held != null && held.bytes() >= bytes) {
      return true;
    }
    Future<Room> taken =
        held == null
            ? desk.inlet().reserve(party, bytes, desk.config().roomWithin())
            : held.grow(bytes - held.bytes(), desk.config().roomWithin()).map(grown -> held);
    if (taken.succeeded()) {
      room = taken.result();
      return true;
    }
    waiting = true;
    flow();
    taken.onComplete(came -> entered(came, then));
    return false;
  }

  private void entered(AsyncResult<Room> came, Runnable then) {
    waiting = false;
    if (came.failed()) {
      failed(came.cause());
    } else if (over) {
      came.result().release();
    } else {
      room = came.result();
      then.run();
      flow();
    }
  }

  @Override
  public void arrived() {
    pump();
    flow();
  }

  /** Puts into the stream what may go there now. */
  private void pump() {
    while (!over && !waiting && !(numbers.counted() && (inFlight > 0 || finishing))) {
      Run run = runs.peek();
      if (run != null) {
        if (room(run.batch().weight(), this::pump)) {
          put(runs.remove());
        }
      } else if (inbox.whole() > 0) {
        if (mayBegin()) {
          sort(inbox.take());
        }
      } else {
        break;
      }
    }
    if (!over && !waiting && runs.isEmpty() && inbox.bytes() > 0) {
      room(roomFor(inbox.bytes()), this::pump);
    }
    settle();
  }

  /** Whether its party has not too much under way; goes on by itself once that is so. */
  private boolean mayBegin() {
    Future<Work> begins = desk.inlet().begin(party, inbox.bytes());
    if (begins.succeeded()) {
      work = begins.result();
      return true;
    }
    waiting = true;
    flow();
    begins.onComplete(this::begins);
    return false;
  }

  private void begins(AsyncResult<Work> begun) {
    waiting = false;
    if (begun.failed()) {
      failed(begun.cause());
    } else if (over || inbox.whole() == 0) {
      begun.result().end();
    } else {
      work = begun.result();
      sort(inbox.take());
      pump();
      flow();
    }
  }

  private void sort(Inbox.Messages messages) {
    Split split = desk.sorter().sort(messages, principal);
    split.fold(
        new Split.Cases<Integer>() {
          @Override
          public Integer taken(Split.Taken taken) {
            return count(taken.batch(), taken.rejected());
          }

          @Override
          public Integer nothing(Split.Nothing nothing) {
            return 0;
          }

          @Override
          public Integer refused(Split.Refused refused) {
            return count(null, refused.faults());
          }
        });
    if (runs.isEmpty()) {
      work.end();
    }
    acknowledge();
  }

  /** Numbers events, those that are no good too; how many there are. */
  private int count(@Nullable Batch batch, List<Fault> faults) {
    int ordinal = 0;
    int taken = 0;
    for (Fault fault : faults) {
      int good = fault.index() - ordinal;
      if (batch != null && good > 0) {
        runs.add(numbers.run(batch.slice(taken, taken + good)));
        taken += good;
      }
      ordinal = fault.index() + 1;
      refused(fault);
      if (over || numbers.refusedInRow() == MAX_REFUSED) {
        return ordinal;
      }
    }
    if (batch != null && taken < batch.size()) {
      runs.add(numbers.run(batch.slice(taken, batch.size())));
    }
    return ordinal + (batch == null ? 0 : batch.size() - taken);
  }

  private void refused(Fault fault) {
    Connection open = connection;
    if (open == null) {
      return;
    }
    desk.telemetry().refused(fault.flaw().word());
    long number = numbers.refuse();
    open.send(Replies.refused(number, fault.flaw().word() + ": " + fault.detail()));
    if (numbers.refusedInRow() == MAX_REFUSED) {
      inbox.clear();
      open.leave(CloseCode.POLICY, Optional.of(MAX_REFUSED + " events in a row are not taken"));
    }
  }

  private void put(Run run) {
    Room held = room;
    if (held == null) {
      return;
    }
    room = null;
    inFlight++;
    brake.came(run.batch().size(), run.batch().bytes());
    numbers.putting(run);
    long put = System.nanoTime();
    Work mine = runs.isEmpty() ? work : NONE;
    held.put(run.batch(), Ack.STORED)
        .onComplete(settled -> mine.end())
        .onSuccess(receipt -> receipt.fold(new Settling(run.batch().bytes(), put)))
        .onFailure(this::failed);
  }

  /** What becomes of the connection once a receipt is there. */
  private final class Settling implements Receipt.Cases<Boolean> {
    private final int bytes;
    private final long put;

    Settling(int bytes, long put) {
      this.bytes = bytes;
      this.put = put;
    }

    @Override
    public Boolean kept(Receipt.Kept kept) {
      inFlight--;
      desk.telemetry().kept(kept.events(), bytes, System.nanoTime() - put);
      acknowledge();
      pump();
      flow();
      return true;
    }

    @Override
    public Boolean refused(Receipt.Refused refused) {
      inFlight--;
      close(refused);
      return false;
    }
  }

  private void acknowledge() {
    Connection open = connection;
    if (open != null && !over) {
      numbers.ack(inFlight > 0, runs.peek(), credit()).ifPresent(open::send);
    }
  }

  private long credit() {
    long window = desk.config().window().bytes();
    return Math.min(window, Math.max(LEAST_CREDIT, desk.inlet().free()));
  }

  private void flow() {
    Connection open = connection;
    if (open == null || over) {
      return;
    }
    boolean enough = inbox.whole() > 0 && inbox.bytes() >= desk.config().window().bytes();
    if (resuming || waiting || brake.isOn() || !runs.isEmpty() || enough) {
      open.hold();
    } else {
      open.proceed();
    }
  }

  private void failed(Throwable cause) {
    if (cause instanceof NoRoomException none) {
      close(none.refused());
      return;
    }
    desk.telemetry().failed(cause);
    Connection open = connection;
    if (open != null) {
      open.close(CloseCode.INTERNAL, "something went wrong here");
    }
  }

  private void close(Receipt.Refused refused) {
    Connection open = connection;
    if (open != null && !over) {
      desk.telemetry().refused(refused.why().word());
      open.close(code(refused.why()), numbers.last(refused.why().word()));
    }
  }

  static CloseCode code(Refusal why) {
    return switch (why) {
      case TOO_LARGE -> CloseCode.TOO_BIG;
      case DRAINING -> CloseCode.RESTART;
      case JOURNAL_FAILED -> CloseCode.INTERNAL;
      case NO_CREDIT, STREAM_FULL, DISK_FULL, OUT_OF_SEQUENCE, REPLICA_STORE, UNKNOWN ->
          CloseCode.TRY_LATER;
    };
  }

  @Override
  public Future<String> finish() {
    finishing = true;
    settle();
    return settled.future();
  }

  private void settle() {
    boolean left = !numbers.counted() && (waiting || !runs.isEmpty());
    if (finishing && inFlight == 0 && !left) {
      settled.tryComplete(numbers.last("restart"));
    }
  }

  @Override
  public void over() {
    over = true;
    brake.close();
    if (!runs.isEmpty()) {
      work.end();
    }
    runs.clear();
    inbox.clear();
    Room held = room;
    if (held != null) {
      room = null;
      held.release();
    }
  }
}

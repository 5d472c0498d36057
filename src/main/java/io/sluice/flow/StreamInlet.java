package io.sluice.flow;

import io.sluice.connector.Inlet;
import io.sluice.connector.NoRoomException;
import io.sluice.connector.Room;
import io.sluice.connector.Work;
import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * One source's inlet over the {@link SharedLane} of its stream and event loop. In line it stands
 * for itself: parties of two inlets are never the same, whatever they are called.
 *
 * <p>Answers for what it holds: when it closes, that goes back to the lane, and nobody else's
 * bytes, places or batches are touched.
 */
public final class StreamInlet implements Inlet {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final String stream;
  private final SharedLane shared;
  private final Lane<Put, Answer> lane;
  private final Shares shares;
  private final Turn turn;
  private long held;
  private boolean closed;

  /** On whose behalf somebody waits: this inlet, and the party that its source knows. */
  record Guest(StreamInlet inlet, String who) {}

  StreamInlet(
      Vertx vertx,
      String stream,
      SharedLane shared,
      Lane<Put, Answer> lane,
      Shares shares,
      Runnable kept) {
    this.vertx = vertx;
    this.shares = shares;
    this.stream = stream;
    this.shared = shared;
    this.lane = lane;
    this.turn = new Turn(vertx, lane, shared.patience(), kept);
  }

  /** Where a stream's intake listens on the event bus. */
  public static String address(String stream) {
    return "sluice.stream." + stream;
  }

  @Override
  public Future<Room> reserve(String who, long bytes, Duration wait) {
    return hold(who, 0, bytes, wait).map(taken -> new Held(who, bytes));
  }

  /**
   * Holds bytes for a room.
   *
   * @param has how many the room has already
   */
  private Future<Void> hold(String who, long has, long bytes, Duration wait) {
    if (closed) {
      return draining();
    }
    Guest guest = new Guest(this, who);
    Ask ask = new Ask(guest, has, bytes);
    if (lane.tryHold(ask)) {
      held += bytes;
      return Future.succeededFuture();
    }
    if (has + bytes > lane.most()) {
      return tooLarge(has + bytes);
    }
    return lane.hold(ask, wait)
        .compose(
            served -> {
              if (served) {
                held += bytes;
                return Future.succeededFuture();
              }
              return closed ? draining() : none(guest, bytes);
            });
  }

  private void release(long bytes) {
    held -= bytes;
    lane.release(bytes);
  }

  private static <T> Future<T> draining() {
    return Future.failedFuture(new NoRoomException(closing()));
  }

  private static Receipt.Refused closing() {
    return new Receipt.Refused(Refusal.DRAINING, AGAIN, "shutting down");
  }

  private <T> Future<T> none(Guest guest, long bytes) {
    return refused(
        Refusal.NO_CREDIT, lane.expected(guest, bytes), "the stream takes no more at the moment");
  }

  private <T> Future<T> tooLarge(long bytes) {
    return refused(
        Refusal.TOO_LARGE,
        Duration.ZERO,
        bytes + " bytes in one batch are more than the stream's whole budget of " + lane.most());
  }

  private static <T> Future<T> refused(Refusal why, Duration retryAfter, String detail) {
    return Future.failedFuture(new NoRoomException(new Receipt.Refused(why, retryAfter, detail)));
  }

  @Override
  public Future<Work> begin(String who, long bytes) {
    return closed ? draining() : shares.begin(new Guest(this, who), bytes);
  }

  @Override
  public Future<Long> through(String session) {
    return SessionDoor.through(vertx, stream, session);
  }

  @Override
  public long free() {
    return closed ? 0 : lane.free();
  }

  private boolean here(Object who) {
    return who instanceof Guest guest && guest.inlet() == this;
  }

  @Override
  public Future<Void> close() {
    if (closed) {
      return Future.succeededFuture();
    }
    closed = true;
    lane.dismiss(this::here);
    shares.dismiss(this::here, new NoRoomException(closing()));
    turn.close();
    release(held);
    return shared.leave(this);
  }

  /** Bytes of the lane that are held for one batch. */
  private final class Held implements Room {
    private final String who;
    private long bytes;
    private boolean ended;

    Held(String who, long bytes) {
      this.who = who;
      this.bytes = bytes;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public Future<Void> grow(long more, Duration wait) {
      return hold(who, bytes, more, wait)
          .onSuccess(
              taken -> {
                if (ended) {
                  giveBack(more);
                } else {
                  bytes += more;
                }
              });
    }

    @Override
    public Future<Receipt> put(Batch batch, Ack ack) {
      long weight = batch.weight();
      if (ended || weight > bytes) {
        throw new IllegalStateException(
            ended ? "the room has ended" : "a batch of " + weight + " bytes in a room of " + bytes);
      }
      ended = true;
      if (closed) {
        return Future.succeededFuture(closing());
      }
      held -= bytes;
      Promise<Receipt> receipt = Promise.promise();
      turn.add(batch, ack, receipt);
      if (bytes > weight) {
        // Last: whoever is served with it may close this inlet.
        lane.release(bytes - weight);
      }
      return receipt.future();
    }

    @Override
    public void release() {
      if (!ended) {
        ended = true;
        giveBack(bytes);
      }
    }

    /** What a closed inlet held went back with it. */
    private void giveBack(long taken) {
      if (!closed) {
        StreamInlet.this.release(taken);
      }
    }
  }
}

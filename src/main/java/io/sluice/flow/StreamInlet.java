package io.sluice.flow;

import io.sluice.connector.Inlet;
import io.sluice.connector.NoRoomException;
import io.sluice.connector.Room;
import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;

/** An inlet over a {@link Lane} to a stream's intake. */
public final class StreamInlet implements Inlet {
  private final Lane<Put, Answer> lane;
  private final Turn turn;
  private final Vertx vertx;
  private final String stream;
  private boolean closed;

  private StreamInlet(Vertx vertx, String stream, Runnable kept) {
    this.vertx = vertx;
    this.stream = stream;
    lane = Lane.open(vertx, address(stream));
    turn = new Turn(vertx, lane, kept);
  }

  /** Opens an inlet on this event loop. */
  public static StreamInlet open(Vertx vertx, String stream) {
    return open(vertx, stream, () -> {});
  }

  /**
   * Opens an inlet on this event loop.
   *
   * @param kept called there whenever the stream has kept something that was put here
   */
  public static StreamInlet open(Vertx vertx, String stream, Runnable kept) {
    return new StreamInlet(vertx, stream, kept);
  }

  /** Where a stream's intake listens on the event bus. */
  public static String address(String stream) {
    return "sluice.stream." + stream;
  }

  @Override
  public Future<Room> reserve(String who, long bytes, Duration wait) {
    if (!closed && lane.tryHold(bytes)) {
      return Future.succeededFuture(new Held(who, bytes));
    }
    if (closed) {
      return refused(Refusal.DRAINING, Duration.ofSeconds(1), "shutting down");
    }
    if (bytes > lane.most()) {
      return tooLarge(bytes);
    }
    return lane.hold(who, bytes, wait)
        .compose(held -> held ? Future.succeededFuture(new Held(who, bytes)) : none(who, bytes));
  }

  private <T> Future<T> none(String who, long bytes) {
    return refused(
        Refusal.NO_CREDIT, lane.expected(who, bytes), "the stream takes no more at the moment");
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
  public Future<Long> through(String session) {
    return SessionDoor.through(vertx, stream, session);
  }

  @Override
  public long free() {
    return closed ? 0 : lane.free();
  }

  @Override
  public Future<Void> close() {
    closed = true;
    turn.flush();
    return lane.close();
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
      if (bytes + more > lane.most()) {
        return tooLarge(bytes + more);
      }
      return lane.hold(who, more, wait)
          .compose(
              held -> {
                if (!held) {
                  return none(who, more);
                }
                if (ended) {
                  lane.release(more);
                } else {
                  bytes += more;
                }
                return Future.succeededFuture();
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
      if (bytes > weight) {
        lane.release(bytes - weight);
      }
      Promise<Receipt> receipt = Promise.promise();
      turn.add(batch, ack, receipt);
      return receipt.future();
    }

    @Override
    public void release() {
      if (!ended) {
        ended = true;
        lane.release(bytes);
      }
    }
  }
}

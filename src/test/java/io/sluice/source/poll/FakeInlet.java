package io.sluice.source.poll;

import io.sluice.connector.Inlet;
import io.sluice.connector.NoRoomException;
import io.sluice.connector.Room;
import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Grants bytes, keeps what it is given, and answers at once or when it is told to. */
final class FakeInlet implements Inlet {
  final List<Batch> batches = new ArrayList<>();
  final List<Promise<Receipt>> receipts = new ArrayList<>();
  private final List<Waiter> line = new ArrayList<>();
  private final Timers timers;
  long free = 1 << 30;
  long held;
  boolean answering = true;
  boolean duplicates;
  boolean closed;

  private final class Waiter {
    final long bytes;
    final Promise<Void> promise = Promise.promise();

    Waiter(long bytes, Duration wait) {
      this.bytes = bytes;
      timers.after(wait, () -> promise.tryFail(none()));
    }
  }

  FakeInlet(Timers timers) {
    this.timers = timers;
  }

  private static NoRoomException none() {
    return new NoRoomException(
        new Receipt.Refused(Refusal.NO_CREDIT, Duration.ofSeconds(1), "no credit"));
  }

  void grant(long bytes) {
    free += bytes;
    for (Waiter waiter : List.copyOf(line)) {
      if (!waiter.promise.future().isComplete() && waiter.bytes <= free) {
        line.remove(waiter);
        hold(waiter.bytes);
        waiter.promise.complete();
      }
    }
  }

  private void hold(long bytes) {
    free -= bytes;
    held += bytes;
  }

  private void give(long bytes) {
    held -= bytes;
    grant(bytes);
  }

  private Future<Void> take(long bytes, Duration wait) {
    if (bytes <= free) {
      hold(bytes);
      return Future.succeededFuture();
    }
    Waiter waiter = new Waiter(bytes, wait);
    line.add(waiter);
    return waiter.promise.future();
  }

  @Override
  public Future<Room> reserve(String who, long bytes, Duration wait) {
    return take(bytes, wait).map(taken -> new FakeRoom(bytes));
  }

  @Override
  public Future<Long> through(String session) {
    return Future.succeededFuture(0L);
  }

  @Override
  public long free() {
    return free;
  }

  @Override
  public Future<Void> close() {
    closed = true;
    return Future.succeededFuture();
  }

  /** What was put, as text. */
  List<String> events() {
    List<String> events = new ArrayList<>();
    for (Batch batch : batches) {
      for (int i = 0; i < batch.size(); i++) {
        events.add(StandardCharsets.UTF_8.decode(batch.event(i).payload()).toString());
      }
    }
    return events;
  }

  private final class FakeRoom implements Room {
    private long bytes;
    private boolean ended;

    FakeRoom(long bytes) {
      this.bytes = bytes;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public Future<Void> grow(long more, Duration wait) {
      return take(more, wait).onSuccess(taken -> bytes += more);
    }

    @Override
    public Future<Receipt> put(Batch batch, Ack ack) {
      if (ended || batch.weight() > bytes) {
        throw new IllegalStateException("no room for " + batch.weight());
      }
      ended = true;
      batches.add(batch);
      Promise<Receipt> receipt = Promise.promise();
      receipts.add(receipt);
      receipt.future().onComplete(answered -> give(bytes));
      if (answering) {
        receipt.complete(kept(batch));
      }
      return receipt.future();
    }

    @Override
    public void release() {
      if (!ended) {
        ended = true;
        give(bytes);
      }
    }
  }

  /** The answer for the how-manieth batch. */
  void keep(int index) {
    receipts.get(index).complete(kept(batches.get(index)));
  }

  void refuse(int index) {
    receipts
        .get(index)
        .complete(new Receipt.Refused(Refusal.DISK_FULL, Duration.ofSeconds(2), "full"));
  }

  private Receipt kept(Batch batch) {
    return duplicates
        ? new Receipt.Kept(Ack.STORED, 0, batch.size())
        : new Receipt.Kept(Ack.STORED, batch.size(), 0);
  }
}

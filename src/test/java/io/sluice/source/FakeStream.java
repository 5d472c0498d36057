package io.sluice.source;

import io.sluice.connector.Inlet;
import io.sluice.connector.NoRoomException;
import io.sluice.connector.Room;
import io.sluice.connector.Work;
import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;

/**
 * A stream that grants a number of bytes and keeps what it is given. Its inlets never wait longer
 * than they are told, and give no room back before the receipt.
 */
public final class FakeStream {
  private final List<Batch> batches = new ArrayList<>();
  private final AtomicLong free;
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong most = new AtomicLong();
  private final AtomicLong inlets = new AtomicLong();
  private final List<Long> begun = new CopyOnWriteArrayList<>();
  private volatile boolean oneAtATime;
  private volatile int mostInlets = Integer.MAX_VALUE;
  private volatile BiFunction<Batch, Ack, Future<Receipt>> answers =
      (batch, ack) -> Future.succeededFuture(new Receipt.Kept(ack, batch.size(), 0));
  private volatile long cap = Long.MAX_VALUE;
  private volatile Duration retryAfter = Duration.ofMillis(1500);
  private volatile Future<Long> through = Future.succeededFuture(0L);

  public FakeStream(long bytes) {
    free = new AtomicLong(bytes);
  }

  /** Refuses from now on what is larger than all it ever grants, as a real one does. */
  public FakeStream capped() {
    cap = free.get();
    return this;
  }

  /** Answers every batch with what {@code receipt} says from now on. */
  public void answering(BiFunction<Batch, Ack, Future<Receipt>> receipt) {
    answers = receipt;
  }

  public void refusing(Refusal why) {
    answering((b, a) -> Future.succeededFuture(new Receipt.Refused(why, retryAfter, "No.")));
  }

  /** Cannot tell how far sessions are from now on. */
  public void tellsNothing() {
    through = Future.failedFuture("cannot be asked");
  }

  public void retryAfter(Duration duration) {
    retryAfter = duration;
  }

  /** Grants more. */
  public void grant(long bytes) {
    free.addAndGet(bytes);
  }

  /** Bytes that are reserved and not given back. */
  public long held() {
    return held.get();
  }

  /** The most bytes that were ever reserved at once. */
  public long mostHeld() {
    return most.get();
  }

  /** Lets only so many inlets be open at once. */
  public void openAtMost(int number) {
    mostInlets = number;
  }

  public long openInlets() {
    return inlets.get();
  }

  /** For how many bytes leave to work on them was asked, each time. */
  public List<Long> begun() {
    return begun;
  }

  /** Each event loop's work begins when the one before has ended. */
  public void oneAtATime() {
    oneAtATime = true;
  }

  public synchronized List<Batch> batches() {
    return List.copyOf(batches);
  }

  /** Every event's payload, in order. */
  public List<String> events() {
    List<String> events = new ArrayList<>();
    for (Batch batch : batches()) {
      for (int i = 0; i < batch.size(); i++) {
        events.add(
            new String(
                batch.region(),
                batch.start(i),
                batch.end(i) - batch.start(i),
                java.nio.charset.StandardCharsets.UTF_8));
      }
    }
    return events;
  }

  private <T> Future<T> tooLarge() {
    return Future.failedFuture(
        new NoRoomException(
            new Receipt.Refused(Refusal.TOO_LARGE, Duration.ZERO, "More than I ever grant.")));
  }

  private synchronized void keep(Batch batch) {
    batches.add(batch);
  }

  public Inlet open(Vertx vertx) {
    if (inlets.incrementAndGet() > mostInlets) {
      inlets.decrementAndGet();
      throw new IllegalStateException("no more inlets");
    }
    return new FakeInlet(vertx, vertx.getOrCreateContext());
  }

  private final class FakeInlet implements Inlet {
    private final Vertx vertx;
    private final Context loop;
    private final ArrayDeque<Promise<Work>> line = new ArrayDeque<>();
    private boolean busy;

    FakeInlet(Vertx vertx, Context loop) {
      this.vertx = vertx;
      this.loop = loop;
    }

    @Override
    public Future<Room> reserve(String who, long bytes, Duration wait) {
      return bytes > cap ? tooLarge() : take(bytes, wait).map(taken -> new FakeRoom(this, bytes));
    }

    @Override
    public Future<Work> begin(String who, long bytes) {
      begun.add(bytes);
      if (!oneAtATime) {
        return Inlet.super.begin(who, bytes);
      }
      Promise<Work> promise = Promise.promise();
      line.add(promise);
      serve();
      return promise.future();
    }

    private void serve() {
      Promise<Work> first = busy ? null : line.poll();
      if (first != null) {
        busy = true;
        first.complete(
            () -> {
              busy = false;
              serve();
            });
      }
    }

    Future<Void> take(long bytes, Duration wait) {
      if (tryTake(bytes)) {
        return Future.succeededFuture();
      }
      Promise<Void> promise = Promise.promise();
      long deadline = System.nanoTime() + wait.toNanos();
      loop.runOnContext(now -> retry(bytes, deadline, promise));
      return promise.future();
    }

    private void retry(long bytes, long deadline, Promise<Void> promise) {
      if (tryTake(bytes)) {
        promise.complete();
      } else if (System.nanoTime() >= deadline) {
        promise.fail(
            new NoRoomException(
                new Receipt.Refused(Refusal.NO_CREDIT, retryAfter, "No credit came.")));
      } else {
        vertx.setTimer(2, timer -> retry(bytes, deadline, promise));
      }
    }

    private boolean tryTake(long bytes) {
      while (true) {
        long now = free.get();
        if (now < bytes) {
          return false;
        }
        if (free.compareAndSet(now, now - bytes)) {
          long taken = held.addAndGet(bytes);
          most.accumulateAndGet(taken, Math::max);
          return true;
        }
      }
    }

    void giveBack(long bytes) {
      held.addAndGet(-bytes);
      free.addAndGet(bytes);
    }

    @Override
    public Future<Long> through(String session) {
      return through;
    }

    @Override
    public long free() {
      return free.get();
    }

    @Override
    public Future<Void> close() {
      inlets.decrementAndGet();
      return Future.succeededFuture();
    }
  }

  private final class FakeRoom implements Room {
    private final FakeInlet inlet;
    private long bytes;
    private boolean ended;

    FakeRoom(FakeInlet inlet, long bytes) {
      this.inlet = inlet;
      this.bytes = bytes;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public Future<Void> grow(long more, Duration wait) {
      if (bytes + more > cap) {
        return tooLarge();
      }
      return inlet
          .take(more, wait)
          .onSuccess(
              taken -> {
                if (ended) {
                  inlet.giveBack(more);
                } else {
                  bytes += more;
                }
              });
    }

    @Override
    public Future<Receipt> put(Batch batch, Ack ack) {
      if (ended || batch.weight() > bytes) {
        throw new IllegalStateException("batch of " + batch.weight() + " in room for " + bytes);
      }
      ended = true;
      keep(batch);
      Promise<Receipt> settled = Promise.promise();
      answers
          .apply(batch, ack)
          .onComplete(
              answered ->
                  inlet.loop.runOnContext(
                      here -> {
                        inlet.giveBack(bytes);
                        settled.complete(answered.result(), answered.cause());
                      }));
      return settled.future();
    }

    @Override
    public void release() {
      if (!ended) {
        ended = true;
        inlet.giveBack(bytes);
      }
    }
  }
}

package io.sluice.journal;

import io.sluice.event.Batch;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where appended batches wait for the writer. The appender never waits, the writer does; it wakes
 * when there is something to do and, under load, only once for several batches.
 */
final class Handover {
  /** A batch that waits. */
  record Pending(Batch batch, Object attachment) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final int enough;
  private final long most;
  private ArrayDeque<Pending> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private final AtomicLong queued = new AtomicLong();
  private boolean writerWaits;
  private boolean writerLingers;
  private boolean closed;
  private boolean poked;
  private int lastTaken;

  /**
   * Made by the journal.
   *
   * @param enough bytes that are not held back any longer
   * @param most how long to hold back while more keeps coming; nanoseconds
   */
  Handover(int enough, long most) {
    this.enough = enough;
    this.most = most;
  }

  /** Queues it; false when closed. */
  boolean put(Batch batch, Object attachment) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      waiting.add(new Pending(batch, attachment));
      waitingBytes += batch.weight();
      queued.addAndGet(batch.weight());
      if (writerWaits || (writerLingers && waitingBytes >= enough)) {
        changed.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Everything that waits, after waiting for it.
   *
   * @param nanos how long to wait at most for the first
   * @return empty when the time is over, or it is closed
   */
  ArrayDeque<Pending> take(long nanos) {
    lock.lock();
    try {
      await(nanos);
      linger();
      return swap();
    } catch (InterruptedException e) {
      return swap(); // nobody interrupts the writer: that would close its file under it
    } finally {
      lock.unlock();
    }
  }

  private void await(long nanos) throws InterruptedException {
    long left = nanos;
    writerWaits = true;
    while (waiting.isEmpty() && !closed && !poked && left > 0) {
      left = changed.awaitNanos(left);
    }
    writerWaits = false;
    poked = false;
  }

  /** Holds back only under load, and only until nothing new came for a little. */
  private void linger() throws InterruptedException {
    boolean load = waiting.size() > 1 || (lastTaken > 1 && !waiting.isEmpty());
    long left = load ? most : 0;
    writerLingers = true;
    while (left > 0 && waitingBytes < enough && !closed) {
      int before = waiting.size();
      long slice = Math.min(left, Math.max(1, most / 8));
      long early = changed.awaitNanos(slice);
      left = waiting.size() == before ? 0 : left - slice + Math.max(0, early);
    }
    writerLingers = false;
  }

  private ArrayDeque<Pending> swap() {
    ArrayDeque<Pending> taken = waiting;
    waiting = new ArrayDeque<>(Math.max(16, taken.size()));
    waitingBytes = 0;
    lastTaken = taken.size();
    return taken;
  }

  /** Batches of so many bytes have been answered. */
  void answered(long weight) {
    queued.addAndGet(-weight);
  }

  /** Bytes that wait or are being written. */
  long queued() {
    return queued.get();
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Lets the writer look around once, with nothing to write. */
  void poke() {
    lock.lock();
    try {
      poked = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing waits and nothing will. */
  boolean drained() {
    lock.lock();
    try {
      return closed && waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }
}

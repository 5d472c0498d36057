package io.sluice.source.poll;

import io.sluice.connector.Cursor;
import io.sluice.connector.Intake;
import io.sluice.connector.Step;
import io.sluice.event.Batch;
import io.sluice.event.Event;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Keeps what a poll puts, and lets the cursor take its steps at once. Has room until told
 * otherwise. Any thread may tell and ask; fails when a poll puts again before there was room, or
 * from another loop.
 */
public final class FakeIntake implements Intake {
  private final int batchBytes;
  private final int maxEventBytes;
  private final List<Batch> batches = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private Cursor cursor;
  private boolean counting;
  private boolean full;
  private Throwable failure;
  private final Deque<Promise<Void>> waiting = new ArrayDeque<>();
  private int width = 1;
  private long gathered;
  private long mostGathered = Long.MAX_VALUE;
  private Context loop;
  private long events;
  private long bytes;
  private int puts;
  private int mostBytes;
  private int signs;

  public FakeIntake(Cursor cursor, int batchBytes, int maxEventBytes) {
    this.cursor = cursor;
    this.batchBytes = batchBytes;
    this.maxEventBytes = maxEventBytes;
  }

  /** Batches of about 64 KiB, events of 1 MiB, nothing read yet. */
  public static FakeIntake usual() {
    return new FakeIntake(Cursor.START, 64 << 10, 1 << 20);
  }

  /** Counts from now on, and keeps no event. */
  public synchronized FakeIntake counting() {
    counting = true;
    return this;
  }

  /** Has no room behind what is put from now on. */
  public synchronized FakeIntake full() {
    full = true;
    return this;
  }

  /** Has plenty of room: a poll may have so many batches in hand. */
  public synchronized FakeIntake wide(int batches) {
    width = batches;
    return this;
  }

  /** Has no room for more than so many bytes that are gathered. */
  public synchronized FakeIntake roomFor(long bytes) {
    mostGathered = bytes;
    return this;
  }

  /** Has room for one more batch, or with {@link #full} undone for all. */
  public void room() {
    Promise<Void> who;
    synchronized (this) {
      who = waiting.poll();
    }
    if (who != null) {
      loop.runOnContext(now -> who.tryComplete());
    }
  }

  /** Has room for everything from now on. */
  public void empty() {
    int all;
    synchronized (this) {
      full = false;
      all = waiting.size();
    }
    for (int i = 0; i < all; i++) {
      room();
    }
  }

  /** Takes nothing from now on. */
  public void failing(Throwable why) {
    List<Promise<Void>> all;
    synchronized (this) {
      failure = why;
      all = List.copyOf(waiting);
      waiting.clear();
    }
    all.forEach(who -> loop.runOnContext(now -> who.tryFail(why)));
  }

  @Override
  public int batchBytes() {
    return batchBytes;
  }

  @Override
  public int maxEventBytes() {
    return maxEventBytes;
  }

  @Override
  public synchronized Future<Void> put(Batch batch, Step step) {
    Context here = Vertx.currentContext();
    if (loop == null) {
      loop = here;
    }
    if (here != loop || waiting.size() == width) {
      throw new AssertionError(here == loop ? "put without room" : "put from another loop");
    }
    if (failure != null) {
      return Future.failedFuture(failure);
    }
    puts++;
    events += batch.size();
    bytes += batch.bytes();
    mostBytes = Math.max(mostBytes, batch.bytes());
    if (!counting) {
      batches.add(batch);
      steps.add(step);
    }
    cursor = step.from(cursor);
    if (!full) {
      return Future.succeededFuture();
    }
    Promise<Void> room = Promise.promise();
    waiting.add(room);
    return room.future();
  }

  @Override
  public synchronized int ahead(int most) {
    return Math.min(most, width);
  }

  @Override
  public synchronized Future<Void> gathered(long bytes) {
    if (loop == null) {
      loop = Vertx.currentContext();
    }
    gathered = Math.max(gathered, bytes);
    if (failure != null) {
      return Future.failedFuture(failure);
    }
    if (bytes <= mostGathered) {
      return Future.succeededFuture();
    }
    Promise<Void> room = Promise.promise();
    waiting.add(room);
    return room.future();
  }

  @Override
  public synchronized void alive() {
    signs++;
  }

  public synchronized List<Batch> batches() {
    return List.copyOf(batches);
  }

  /** The step that came with each batch. */
  public synchronized List<Step> steps() {
    return List.copyOf(steps);
  }

  /** Every event's payload, in order. */
  public List<String> events() {
    return each().stream()
        .map(event -> StandardCharsets.UTF_8.decode(event.payload()).toString())
        .toList();
  }

  public List<Optional<String>> ids() {
    return each().stream().map(Event::id).toList();
  }

  public List<Event> each() {
    List<Event> all = new ArrayList<>();
    for (Batch batch : batches()) {
      for (int i = 0; i < batch.size(); i++) {
        all.add(batch.event(i));
      }
    }
    return all;
  }

  /** Where the cursor is by the steps that came with batches. */
  public synchronized Cursor cursor() {
    return cursor;
  }

  /** The cursor takes a step without events, as at the end of a poll. */
  public synchronized void step(Step step) {
    cursor = step.from(cursor);
  }

  /** Whether a poll waits for room. */
  public synchronized boolean waiting() {
    return !waiting.isEmpty();
  }

  /** How many batches wait for room. */
  public synchronized int waitingBatches() {
    return waiting.size();
  }

  /** The most that a poll said it gathered. Bytes. */
  public synchronized long mostGathered() {
    return gathered;
  }

  public synchronized long count() {
    return events;
  }

  public synchronized long bytes() {
    return bytes;
  }

  public synchronized int puts() {
    return puts;
  }

  /** Bytes of the largest batch. */
  public synchronized int mostBytes() {
    return mostBytes;
  }

  /** How often the poll said that its upstream is alive. */
  public synchronized int signs() {
    return signs;
  }
}

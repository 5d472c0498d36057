package io.sluice.source.poll;

import io.sluice.connector.Cursor;
import io.sluice.connector.Lease;
import io.sluice.connector.LeaseLostException;
import io.sluice.connector.Step;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a source was read while one lease is held. The cursor moves over what is kept without a
 * gap, and is written behind that: one write at a time, with whatever was reached by then. Between
 * two writes is a pause in which four could have been made, so that a poll of many batches does not
 * have its disk, or the database of the leases, busy with where it is. Confined to the event loop
 * of its source.
 */
final class Progress {
  private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /** How many writes the pause after one is long, and how long at the most. */
  private static final int PAUSE = 4;

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final String source;
  private final Lease lease;
  private final Timers timers;
  private final PollTelemetry telemetry;
  private final Runnable lost;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private final List<Promise<Void>> waiting = new ArrayList<>();

  /** What changed behind {@code reached}. A cursor of many parts is not made for every batch. */
  private final Map<String, Optional<String>> since = new HashMap<>();

  private Cursor reached;
  private Cursor saved;
  private Duration again = SOON;
  private long notBefore;
  private boolean saving;
  private boolean closed;
  private @Nullable Long timer;
  private @Nullable String trouble;

  /** Events whose receipt is awaited, and what changes with them. */
  static final class Entry {
    private final Step step;
    private boolean kept;

    private Entry(Step step) {
      this.step = step;
    }
  }

  /**
   * At the lease's cursor.
   *
   * @param lost called when a write was refused because somebody else holds the lease
   */
  Progress(String source, Lease lease, Timers timers, PollTelemetry telemetry, Runnable lost) {
    this.source = source;
    this.lease = lease;
    this.timers = timers;
    this.telemetry = telemetry;
    this.lost = lost;
    this.reached = lease.cursor();
    this.saved = lease.cursor();
    this.notBefore = timers.nanos();
  }

  /** Up to where everything is kept. */
  Cursor cursor() {
    if (!since.isEmpty()) {
      reached = new Step(since).from(reached);
      since.clear();
    }
    return reached;
  }

  /** Whether more is kept than is written. */
  private boolean ahead() {
    return !since.isEmpty() || !reached.equals(saved);
  }

  /** Whether the source may be read at this moment. */
  boolean valid() {
    return !closed && lease.valid();
  }

  /** Why it cannot be written, one sentence. */
  Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  /** A step that is taken when its events, and all before them, are kept. */
  Entry expect(Step step) {
    Entry entry = new Entry(step);
    entries.addLast(entry);
    return entry;
  }

  void kept(Entry entry) {
    entry.kept = true;
    for (Entry first = entries.peekFirst(); first != null && first.kept; ) {
      entries.removeFirst();
      since.putAll(first.step.parts());
      first = entries.peekFirst();
    }
    save();
  }

  /** Forgets what is not kept: it is read again. */
  void abandon() {
    entries.clear();
  }

  /** Completes when the cursor is written, or could not be; never fails. */
  Future<Void> flush() {
    if (closed || !ahead()) {
      return Future.succeededFuture();
    }
    Promise<Void> end = Promise.promise();
    waiting.add(end);
    if (timer != null) {
      timers.cancel(timer);
      timer = null;
    }
    notBefore = timers.nanos();
    save();
    return end.future();
  }

  /** Writes no more by itself. */
  void close() {
    closed = true;
    if (timer != null) {
      timers.cancel(timer);
      timer = null;
    }
  }

  private void save() {
    if (closed || saving || timer != null || !ahead()) {
      return;
    }
    long began = timers.nanos();
    if (notBefore > began) {
      saveAfter(Duration.ofNanos(notBefore - began));
      return;
    }
    saving = true;
    Cursor target = cursor();
    lease
        .commit(target)
        .onComplete(
            done -> {
              saving = false;
              pause(timers.nanos() - began);
              if (done.succeeded()) {
                committed(target);
              } else {
                failed(done.cause());
              }
            });
  }

  /** Not while somebody waits for it to be written. */
  private void pause(long took) {
    long now = timers.nanos();
    notBefore = waiting.isEmpty() ? now + Math.min(PAUSE * took, LONGEST_PAUSE.toNanos()) : now;
  }

  private void saveAfter(Duration wait) {
    timer =
        timers.after(
            wait,
            () -> {
              timer = null;
              save();
            });
  }

  private void committed(Cursor target) {
    saved = target;
    telemetry.committed("saved");
    if (trouble != null) {
      trouble = null;
      again = SOON;
      LOG.atInfo().addKeyValue("source", source).log("the cursor can be saved again");
    }
    if (ahead()) {
      save();
    } else {
      settle();
    }
  }

  private void failed(Throwable cause) {
    if (cause instanceof LeaseLostException) {
      telemetry.committed("lost");
      settle();
      if (!closed) {
        lost.run();
      }
      return;
    }
    telemetry.committed("failed");
    if (trouble == null) {
      LOG.atWarn()
          .addKeyValue("source", source)
          .addKeyValue("why", cause)
          .log("the cursor cannot be saved; what is read now may be read again after a restart");
    }
    trouble = "the cursor cannot be saved: " + cause.getMessage();
    settle();
    if (closed) {
      return;
    }
    saveAfter(again);
    again = again.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : again.multipliedBy(2);
  }

  private void settle() {
    List<Promise<Void>> all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(Promise::complete);
  }
}

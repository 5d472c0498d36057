package io.sluice.journal;

import io.sluice.event.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what no commit should wait for: saves cursors, deletes or recycles released segments, makes
 * spare ones. Asked by anybody, works on one thread.
 *
 * <p>Cursors go first: a segment is gone only once the cursors that let it go are on disk.
 */
final class Keeper {
  private static final Logger log = LoggerFactory.getLogger(Keeper.class);
  private static final long IDLE_NANOS = Long.MAX_VALUE >> 1;
  private static final long AGAIN_NANOS = 1_000_000_000;

  private final Surroundings outside;
  private final JournalOptions options;
  private final UUID journal;
  private final Segments segments;
  private final Spares spares;
  private final Ballast ballast;
  private final Consumer<IOException> failed;
  private final Remembering memory;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition asked = lock.newCondition();

  // under the lock
  private final TreeMap<String, Position> cursors;
  private List<Runnable> unsaved = new ArrayList<>();
  private boolean dirty;
  private boolean hurry;
  private boolean wantsSpare;
  private boolean wantsBallast;
  private boolean closed;
  private long released;

  // the keeper's thread only
  private long savedAt;
  private boolean cramped;
  private boolean broken;
  private volatile long roomAt;

  Keeper(
      Surroundings outside,
      JournalOptions options,
      UUID journal,
      Segments segments,
      Spares spares,
      Map<String, Position> cursors,
      Remembering memory,
      Consumer<IOException> failed) {
    this.outside = outside;
    this.options = options;
    this.journal = journal;
    this.segments = segments;
    this.spares = spares;
    this.ballast = new Ballast(outside.disk());
    this.cursors = new TreeMap<>(cursors);
    this.memory = memory;
    this.failed = failed;
    this.roomAt = outside.nanos().getAsLong();
    this.savedAt = outside.nanos().getAsLong() - options.cursorEvery().toNanos();
  }

  /** A piece of file work. */
  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  private void ask(Runnable change) {
    lock.lock();
    try {
      change.run();
      asked.signal();
    } finally {
      lock.unlock();
    }
  }

  private <T> T locked(Supplier<T> what) {
    lock.lock();
    try {
      return what.get();
    } finally {
      lock.unlock();
    }
  }

  void save(String sink, Position position, Runnable done) {
    locked(
        () -> {
          save(sink, position);
          return unsaved.add(done);
        });
  }

  /** Wakes the thread for the first of those that are saved together only. */
  void save(String sink, Position position) {
    lock.lock();
    try {
      cursors.put(sink, position);
      if (!dirty) {
        dirty = true;
        asked.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  void remember(Memo memo) {
    ask(() -> memory.remember(memo));
  }

  void retire(String sink) {
    ask(() -> dirty |= cursors.remove(sink) != null);
  }

  Map<String, Position> cursors() {
    return locked(() -> Map.copyOf(cursors));
  }

  /** Everything before may go. Wakes the thread only when a whole segment can. */
  void release(long ordinal) {
    lock.lock();
    try {
      released = Math.max(released, ordinal);
      View view = segments.view();
      if (!view.sealed().isEmpty() && view.sealed().get(0).next() <= released) {
        hurry = true;
        asked.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  long released() {
    return locked(() -> released);
  }

  void send(Errand errand) {
    switch (errand) {
      case SPARE -> wantsSpare();
      case RELEASE -> ask(() -> hurry = true);
      case BALLAST -> ask(() -> wantsBallast = true);
      case MEMO -> ask(() -> {});
    }
  }

  private void wantsSpare() {
    if (spares.isEmpty() && options.spares() > 0 && outside.nanos().getAsLong() - roomAt >= 0) {
      ask(() -> wantsSpare = true);
    }
  }

  void close() {
    ask(() -> closed = true);
  }

  /** Works until closed. */
  void run() {
    while (await()) {
      turn();
    }
    turn();
  }

  private boolean await() {
    lock.lock();
    try {
      long left = patience();
      while (left > 0 && !closed) {
        asked.awaitNanos(left);
        left = patience();
      }
      return !closed;
    } catch (InterruptedException e) {
      return !closed; // nobody means this thread
    } finally {
      lock.unlock();
    }
  }

  private long patience() {
    if (broken) {
      return IDLE_NANOS;
    }
    return wantsSpare || wantsBallast ? 0 : settling();
  }

  /** How long until there is something to save or to let go. Nanoseconds; under the lock. */
  private long settling() {
    if (hurry) {
      return 0;
    }
    return dirty || memory.due()
        ? savedAt + options.cursorEvery().toNanos() - outside.nanos().getAsLong()
        : IDLE_NANOS;
  }

  /** Does all there is to do now. */
  void turn() {
    attempt(this::saveCursors);
    attempt(this::saveMemo);
    attempt(this::dropReleased);
    if (ballastWanted()) {
      attempt(this::giveBallast);
    }
    if (!ballast.there() && outside.nanos().getAsLong() - roomAt >= 0) {
      attempt(this::keepBallast);
    }
    if (taken()) {
      attempt(this::makeSpare);
    }
  }

  private boolean taken() {
    return locked(
        () -> {
          boolean wanted = wantsSpare && !closed && spares.isEmpty();
          wantsSpare = false;
          return wanted;
        });
  }

  private void attempt(Work work) {
    if (broken) {
      return;
    }
    try {
      work.run();
    } catch (DiskFullException e) {
      savedAt = outside.nanos().getAsLong() + AGAIN_NANOS;
      roomAt = savedAt;
      if (!cramped) {
        cramped = true;
        log.atWarn()
            .addKeyValue("journal", outside.disk().name())
            .log("no room to look after the journal, trying every second");
      }
    } catch (IOException e) {
      broken = true;
      failed.accept(e);
    } catch (RuntimeException | Error e) {
      broken = true;
      failed.accept(new IOException("the journal's keeper is broken", e));
    }
  }

  private void saveCursors() throws IOException {
    Optional<CursorFile> file = Optional.empty();
    List<Runnable> done = List.of();
    lock.lock();
    try {
      if (dirty) {
        file = Optional.of(new CursorFile(journal, Map.copyOf(cursors)));
        done = unsaved;
        unsaved = new ArrayList<>();
        dirty = false;
      }
    } finally {
      lock.unlock();
    }
    if (file.isPresent()) {
      save(file.get(), done);
    }
  }

  private void save(CursorFile file, List<Runnable> done) throws IOException {
    try {
      savedAt = outside.nanos().getAsLong();
      ballast.use(() -> file.save(outside.disk()));
    } catch (IOException e) {
      ask(
          () -> {
            dirty = true;
            unsaved.addAll(done);
          });
      throw e;
    }
    done.forEach(Runnable::run);
  }

  /**
   * Saves the memo that waits. When a full disk has no room for it though the ballast is gone, a
   * segment that every sink has goes first: what is remembered of it is lost if the process dies
   * between the two, and else the disk would stay full for good.
   */
  private void saveMemo() throws IOException {
    if (!memory.due()) {
      return;
    }
    try {
      ballast.use(memory::save);
    } catch (DiskFullException full) {
      makeRoom(full);
      memory.save();
    }
  }

  private void makeRoom(DiskFullException full) throws IOException {
    Optional<Segment> dropped = segments.dropBefore(settled());
    if (dropped.isEmpty()) {
      throw full;
    }
    outside.disk().delete(dropped.get().name());
    outside.disk().sync();
  }

  private void keepBallast() throws IOException {
    ballast.keep();
    cramped = false;
  }

  private boolean ballastWanted() {
    return locked(
        () -> {
          boolean wanted = wantsBallast;
          wantsBallast = false;
          return wanted;
        });
  }

  /** For as long as the writer needs to come and take it; where that lets a segment go. */
  private void giveBallast() throws IOException {
    if (ballast.there() && released() >= segments.view().next().ordinal()) {
      ballast.give();
      roomAt = outside.nanos().getAsLong() + 2 * AGAIN_NANOS;
    }
  }

  /** Without one, the next segment grows as it is written. */
  private void makeSpare() throws IOException {
    if (spares.affordable()) {
      spares.make(this::stillWanted);
    } else {
      roomAt = outside.nanos().getAsLong() + AGAIN_NANOS;
    }
  }

  /** Does meanwhile what does not wait; a segment that is let go makes a better spare. */
  private boolean stillWanted() throws IOException {
    if (locked(() -> settling() <= 0)) {
      saveCursors();
      saveMemo();
      dropReleased();
    }
    return spares.isEmpty() && !locked(() -> closed);
  }

  /** Up to where every sink has everything, as the cursors on disk say. */
  private long settled() {
    return locked(
        () -> {
          hurry = false;
          return dirty ? 0 : released;
        });
  }

  private void dropReleased() throws IOException {
    long to = memory.releasable(settled());
    for (Optional<Segment> dropped = segments.dropBefore(to);
        dropped.isPresent();
        dropped = segments.dropBefore(to)) {
      spares.giveBack(dropped.get());
    }
  }

  /** What tells the journal from every other one. */
  UUID identity() {
    return journal;
  }

  /** Says that the journal was ended in order; nothing is written after. */
  void finish() throws IOException {
    CleanMarker marker = CleanMarker.of(segments.view().active());
    ballast.use(() -> marker.save(outside.disk()));
  }

  /** Whether everything it was asked for is on disk. */
  boolean sound() {
    return locked(() -> !broken && !dirty && !memory.waits());
  }
}

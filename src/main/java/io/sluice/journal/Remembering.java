package io.sluice.journal;

import io.sluice.event.Position;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The keeper's part in memos: which one waits to be saved, and up to where what was saved reaches.
 *
 * <p>A memo is saved only once all events in it are forced: else a power cut could leave one that
 * remembers events which are gone, and their repeats would be left out.
 */
final class Remembering {
  private final MemoFile file;
  private final Writer writer;
  private final AtomicReference<@Nullable Memo> waiting = new AtomicReference<>();
  private volatile boolean asked;
  private volatile long saved;

  Remembering(MemoFile file, Writer writer) {
    this.file = file;
    this.writer = writer;
  }

  /**
   * Reads what was saved last; from now on, segments wait for memos. Where there is none, a first
   * one is saved before anything can happen that had to be in it.
   */
  Optional<Remembered> load(Position next) throws IOException {
    Optional<Remembered> found = file.load();
    saved = found.map(memo -> memo.upTo().ordinal()).orElse(next.ordinal());
    asked = true;
    if (found.isEmpty()) {
      begin(next);
    }
    return found;
  }

  private void begin(Position next) throws IOException {
    Memo none = new Memo(next, () -> new byte[0], Map.of());
    try {
      file.save(none);
    } catch (DiskFullException e) {
      waiting.set(none); // until it is saved, a crash forgets everything
    }
  }

  /** Any thread; a newer one takes the place of one that waits. */
  void remember(Memo memo) {
    waiting.set(memo);
    if (writer.forced() < memo.upTo().ordinal()) {
      writer.forceSoon();
    }
  }

  /** Whether a memo can be saved now. */
  boolean due() {
    Memo memo = waiting.get();
    return memo != null && writer.forced() >= memo.upTo().ordinal();
  }

  boolean waits() {
    return waiting.get() != null;
  }

  /** Up to where the memo on disk reaches. Any thread. */
  long saved() {
    return saved;
  }

  /** Up to where segments may go. */
  long releasable(long released) {
    return asked ? Math.min(saved, released) : released;
  }

  /** Saves the memo that waits, if it can. The keeper's thread only. */
  void save() throws IOException {
    Memo memo = waiting.get();
    if (memo == null || !due()) {
      return;
    }
    file.save(memo);
    saved = memo.upTo().ordinal();
    waiting.compareAndSet(memo, null); // unless a newer one came meanwhile
  }
}

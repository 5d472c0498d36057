package io.sluice.journal;

import io.sluice.event.Position;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Copies the readable events of a journal, each to its old position. Where events are missing a new
 * segment begins that says so, and the copy counts as whole.
 *
 * <p>What is remembered of events is copied if none is missing. Else somebody who sends a missing
 * one again would be told that it is there.
 */
final class Salvage {
  private final Inspection from;
  private final Surroundings target;
  private @Nullable SegmentWriter active;
  private long next = -1;
  private long copied;

  /** Whether every event was there that should be. */
  private boolean whole = true;

  Salvage(Inspection from, Surroundings target) {
    this.from = from;
    this.target = target;
  }

  Salvaged copy(Consumer<Damage> damaged) throws IOException {
    Optional<View> view = from.view();
    boolean remembers = false;
    boolean memory = false;
    if (view.isPresent()) {
      from.read(from.first(), entry -> put(entry, view.get()), damaged);
      end();
      expect(from.next().ordinal());
      Optional<Remembered> remembered = from.remembered();
      remembers = remembered.isPresent();
      memory = remembers && copy(remembered.get(), view.get().active().header().journal());
    }
    from.saveCursors(target.disk());
    return new Salvaged(copied, remembers, memory);
  }

  /** Whether it is right to copy it, and it was. */
  private boolean copy(Remembered remembered, UUID journal) throws IOException {
    if (remembered.head().isEmpty() || !whole) {
      return false;
    }
    byte[] head = remembered.head().get();
    Map<Long, Supplier<byte[]>> parts = new TreeMap<>();
    remembered.parts().forEach((id, part) -> parts.put(id, () -> part));
    new MemoFile(target.disk(), journal).save(new Memo(remembered.upTo(), () -> head, parts));
    return true;
  }

  /** The next event that should be there, or the end. */
  private void expect(long ordinal) {
    whole &= ordinal == (next >= 0 ? next : from.first().ordinal());
  }

  private boolean put(Entry entry, View view) throws IOException {
    long first = entry.first().ordinal();
    expect(first);
    Segment source = view.holding(first);
    SegmentWriter to = active;
    boolean fits = to != null && next == first && to.header().epoch() == source.header().epoch();
    if (to == null || !fits || !to.put(entry.batch(), first, 0, false, source.written())) {
      to = begin(first, source.header(), view);
      if (!to.put(entry.batch(), first, 0, false, source.written())) {
        to.widen(entry.batch());
        to.put(entry.batch(), first, 0, false, source.written());
      }
    }
    next = first + entry.batch().size();
    copied += entry.batch().size();
    return true;
  }

  private SegmentWriter begin(long base, SegmentHeader source, View view) throws IOException {
    boolean gap = next >= 0 && base != next;
    end();
    List<Position> epochs =
        view.active().header().epochs().stream()
            .filter(start -> start.epoch() <= source.epoch())
            .toList();
    SegmentHeader header =
        new SegmentHeader(
            source.journal(),
            target.random().getAsLong(),
            base,
            source.epoch(),
            target.clock().millis(),
            false,
            gap,
            epochs);
    active = Writer.begin(target, JournalOptions.DEFAULTS, Optional.empty(), header);
    return active;
  }

  private void end() throws IOException {
    SegmentWriter done = active;
    if (done != null) {
      done.flush();
      done.seal(next, next);
      done.close();
      active = null;
    }
  }
}

package io.sluice.journal;

import io.sluice.event.Position;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Copies the readable events of a journal, each to its old position. Where events are missing a new
 * segment begins that says so, and the copy counts as whole.
 */
final class Salvage {
  private final Inspection from;
  private final Surroundings target;
  private @Nullable SegmentWriter active;
  private long next = -1;
  private long copied;

  Salvage(Inspection from, Surroundings target) {
    this.from = from;
    this.target = target;
  }

  long copy(Consumer<Damage> damaged) throws IOException {
    Optional<View> view = from.view();
    if (view.isPresent()) {
      from.read(from.first(), entry -> put(entry, view.get()), damaged);
      end();
    }
    from.saveCursors(target.disk());
    return copied;
  }

  private boolean put(Entry entry, View view) throws IOException {
    long first = entry.first().ordinal();
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

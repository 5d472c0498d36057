package io.sluice.journal;

import io.sluice.event.Batch;
import io.sluice.event.Position;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a journal in order, from segment files. Blocks on the disk; confined to one thread at a
 * time. Independent of the writer: it sees what was committed before each call.
 *
 * <p>What cannot be read is skipped to the next whole frame and told with its exact positions;
 * altered bytes are never returned.
 */
public final class JournalReader implements AutoCloseable {
  private final Disk disk;
  private final Supplier<View> views;
  private final OnCorruption onCorruption;
  private final Consumer<Damage> damaged;

  private @Nullable FrameScanner scanner;
  private @Nullable Segment open;
  private long offset;
  private long chain;
  private long wanted;

  JournalReader(
      Disk disk,
      Supplier<View> views,
      Position from,
      OnCorruption onCorruption,
      Consumer<Damage> damaged) {
    this.disk = disk;
    this.views = views;
    this.onCorruption = onCorruption;
    this.damaged = damaged;
    this.wanted = views.get().resume(from).ordinal();
  }

  /** Where the next entry begins, unless there is damage. */
  public Position position() {
    return views.get().at(wanted);
  }

  /**
   * The next batch; the first one in part when the reader began inside it.
   *
   * @return empty when everything committed has been read; more may come later
   * @throws DamagedException when forced events are missing and the options say to fail
   */
  public Optional<Entry> read() throws IOException {
    while (true) {
      View view = views.get();
      if (wanted < view.first().ordinal()) {
        wanted = view.first().ordinal(); // released under the reader
      }
      if (wanted >= view.active().next()) {
        return Optional.empty();
      }
      Segment segment = view.holding(wanted);
      try {
        FrameScanner in = enter(segment);
        Optional<Entry> entry = next(in, segment);
        if (entry.isPresent()) {
          return entry;
        }
      } catch (IOException e) {
        if (views.get().has(segment)) {
          throw e;
        }
        leave(); // it was released meanwhile; what replaced it was read, or nothing
      }
    }
  }

  private FrameScanner enter(Segment segment) throws IOException {
    FrameScanner in = scanner;
    if (in != null && open != null && open.base() == segment.base()) {
      open = segment;
      return in;
    }
    leave();
    in = new FrameScanner(disk.read(segment.name()), segment.header());
    scanner = in;
    open = segment;
    offset = SegmentHeader.BYTES;
    chain = segment.base();
    if (wanted < chain) {
      lost(segment, chain, 0, segment.header().gapKnown());
    }
    return in;
  }

  private void leave() throws IOException {
    if (scanner != null) {
      scanner.close();
      scanner = null;
      open = null;
    }
  }

  /** One step in a segment that holds wanted events: a batch, or what is missing. */
  private Optional<Entry> next(FrameScanner in, Segment segment) throws IOException {
    long limit = segment.end();
    while (in.header(offset, limit) && in.first() == chain && in.next() <= wanted) {
      chain = in.next();
      offset += in.length();
    }
    boolean whole = in.frame(offset, limit) && in.first() == chain;
    if (!whole && !skip(in, segment, limit)) {
      return Optional.empty();
    }
    if (in.next() <= wanted) {
      chain = in.next();
      offset += in.length();
      return Optional.empty();
    }
    Batch batch = in.batch();
    int passed = (int) (wanted - in.first());
    Position first = new Position(segment.header().epoch(), wanted);
    wanted = in.next();
    chain = wanted;
    offset += in.length();
    return Optional.of(new Entry(first, batch.slice(passed, batch.size())));
  }

  /** To the next whole frame; false when the segment has none. */
  private boolean skip(FrameScanner in, Segment segment, long limit) throws IOException {
    long from = offset;
    long found = in.find(offset, limit, chain);
    if (!views.get().has(segment)) {
      leave();
      return false;
    }
    long to = found < 0 ? segment.next() : in.first();
    if (to > wanted) {
      lost(segment, to, from, false);
    }
    chain = to;
    offset = found < 0 ? limit : found;
    return found >= 0;
  }

  /** Tells that events from the wanted one on are missing, and wants the next there is. */
  private void lost(Segment segment, long to, long at, boolean known) throws IOException {
    int epoch = segment.header().epoch();
    Damage damage =
        new Damage(
            new Position(epoch, wanted),
            new Position(epoch, to),
            segment.name(),
            at,
            wanted < segment.forced() || wanted < segment.base());
    if (!known) {
      damaged.accept(damage);
      if (damage.forced() && onCorruption == OnCorruption.FAIL) {
        throw new DamagedException(damage);
      }
    }
    wanted = to;
  }

  /** Lets the file go. Legal twice. */
  @Override
  public void close() throws IOException {
    leave();
  }
}

package io.sluice.journal;

import io.sluice.event.Position;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the files of a journal into order when it is opened, and begins the segment to write to.
 *
 * <p>Without the marker of a clean shutdown the last segment is read, cut behind its last whole
 * frame and sealed, and a new epoch begins: an ordinal given out before the cut may be given out
 * again, and the epoch tells both apart.
 */
final class Recovery {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);
  private static final int TORN_BYTES = 1 << 20;
  private static final int TORN_FILES = 8;
  private static final long FIRST_BYTES = 4 << 20;

  private final Surroundings outside;
  private final JournalOptions options;
  private final Disk disk;
  private final Contents found;
  private final Spares spares;

  Recovery(Surroundings outside, JournalOptions options, Spares spares) throws IOException {
    this.outside = outside;
    this.options = options;
    this.disk = outside.disk();
    this.found = Contents.read(disk);
    this.spares = spares;
  }

  /** What is open after recovery. */
  record Opened(View view, SegmentWriter active) {}

  Contents found() {
    return found;
  }

  UUID journal() {
    return found.segments().isEmpty()
        ? found
            .cursors()
            .map(CursorFile::journal)
            .orElseGet(() -> new UUID(outside.random().getAsLong(), outside.random().getAsLong()))
        : found.segments().get(0).header().journal();
  }

  /**
   * Does it.
   *
   * @throws DamagedException when forced events are missing and the options say to fail; nothing
   *     was changed then
   */
  Opened open() throws IOException {
    for (Damage damage : found.damage()) {
      if (damage.forced() && options.onCorruption() == OnCorruption.FAIL) {
        throw new DamagedException(damage);
      }
    }
    forgetClean();
    tidy();
    if (disk.room() < Ballast.BYTES) {
      disk.delete(Ballast.NAME); // the keeper makes it again
    }
    List<Segment> segments = new ArrayList<>(found.segments());
    Optional<Segment> last =
        segments.isEmpty() ? Optional.empty() : Optional.of(segments.remove(segments.size() - 1));
    if (found.clean() && found.unreadable().isEmpty() && last.isPresent()) {
      return resumed(segments, last.get());
    }
    return begun(segments, last);
  }

  /** From here on the journal counts as crashed until it is closed. */
  private void forgetClean() throws IOException {
    if (found.names().contains(CleanMarker.NAME)) {
      disk.delete(CleanMarker.NAME);
      disk.sync();
    }
  }

  private void tidy() throws IOException {
    for (String name : found.names()) {
      if (name.endsWith(Spares.SUFFIX + ".tmp")
          || name.endsWith(".seg.tmp")
          || name.endsWith(MemoFile.UNFINISHED)
          || name.equals(CursorFile.UNFINISHED)
          || name.equals(CleanMarker.UNFINISHED)) {
        disk.delete(name);
      } else if (name.endsWith(Spares.SUFFIX)) {
        spares.adopt(name);
      }
    }
    for (String name : found.unreadable()) {
      disk.rename(name, name + ".damaged");
    }
    if (!found.unreadable().isEmpty()) {
      disk.sync();
    }
  }

  private Opened resumed(List<Segment> sealed, Segment last) throws IOException {
    DiskFile file = disk.write(last.name());
    long capacity = Math.max(file.size(), last.end() + SegmentFooter.BYTES);
    SegmentWriter active =
        new SegmentWriter(last.name(), last.header(), file, last.end(), capacity, last.written());
    return new Opened(new View(List.copyOf(sealed), last), active);
  }

  private Opened begun(List<Segment> sealed, Optional<Segment> last) throws IOException {
    boolean fresh = last.isEmpty() && found.cursors().isEmpty() && found.unreadable().isEmpty();
    Position start =
        fresh
            ? new Position(outside.firstEpoch().getAsInt(), 0)
            : new Position(epoch(last) + 1, ordinal(last));
    List<Position> epochs =
        new ArrayList<>(last.map(segment -> segment.header().epochs()).orElse(List.of()));
    epochs.add(start);
    if (last.isPresent()) {
      cut(last.get());
      if (last.get().next() > last.get().base()) {
        Segment is = last.get();
        sealed.add(
            new Segment(
                is.name(),
                is.header(),
                is.end(),
                is.next(),
                is.written(),
                is.forced(),
                is.sealed() ? is.fileBytes() : is.end() + SegmentFooter.BYTES,
                true));
      }
    }
    Optional<String> spare = spare();
    SegmentHeader header =
        new SegmentHeader(
            journal(),
            outside.random().getAsLong(),
            start.ordinal(),
            start.epoch(),
            outside.clock().millis(),
            spare.filter(Spares::used).isPresent(),
            false,
            epochs);
    SegmentWriter active = Writer.begin(outside, options, spare, header);
    Segment empty = active.segment(start.ordinal(), start.ordinal(), false);
    return new Opened(new View(List.copyOf(sealed), empty), active);
  }

  private int epoch(Optional<Segment> last) {
    int epoch = last.map(segment -> segment.header().epoch()).orElse(0);
    for (Position cursor : cursors()) {
      epoch = Math.max(epoch, cursor.epoch());
    }
    return epoch;
  }

  /** Behind everything that is known to have been, even where the files are gone. */
  private long ordinal(Optional<Segment> last) {
    if (last.isPresent() && found.unreadable().isEmpty()) {
      return last.get().next();
    }
    long ordinal = last.map(Segment::next).orElse(0L);
    for (Position cursor : cursors()) {
      ordinal = Math.max(ordinal, cursor.ordinal());
    }
    for (String name : found.unreadable()) {
      ordinal = Math.max(ordinal, Contents.base(name));
    }
    return ordinal;
  }

  private Iterable<Position> cursors() {
    return found.cursors().map(file -> file.positions().values()).orElse(List.of());
  }

  /** Ends the last segment behind its last whole frame. What is cut off is kept aside, in part. */
  private void cut(Segment last) throws IOException {
    if (last.sealed()) {
      return;
    }
    try (DiskFile file = disk.write(last.name())) {
      if (found.torn() > 0) {
        keepTorn(file, last);
      }
      file.truncate(last.end());
      SegmentWriter.seal(
          file,
          last.header(),
          new SegmentFooter(last.end(), last.next(), last.written(), last.forced()));
    }
  }

  private void keepTorn(DiskFile file, Segment last) throws IOException {
    log.atWarn()
        .addKeyValue("segment", last.name())
        .addKeyValue("offset", last.end())
        .addKeyValue("bytes", found.torn())
        .log("journal ended inside a frame that was never finished, cutting it off");
    List<String> kept =
        found.names().stream().filter(name -> name.endsWith(".torn")).sorted().toList();
    for (int i = 0; i <= kept.size() - TORN_FILES; i++) {
      disk.delete(kept.get(i));
    }
    ByteBuffer torn = ByteBuffer.allocate((int) Math.min(found.torn(), TORN_BYTES));
    while (torn.hasRemaining() && file.read(torn, last.end() + torn.position()) > 0) {}
    try (DiskFile copy = disk.write(last.name() + "." + last.end() + ".torn")) {
      copy.write(torn.flip(), 0);
      copy.force();
    } catch (DiskFullException e) {
      log.atWarn().log("no room to keep a copy of what was cut off");
    }
  }

  /** A small one to begin with, at once; full ones come when they are needed. */
  private Optional<String> spare() throws IOException {
    Optional<String> ready = spares.take();
    if (ready.isPresent()) {
      return ready;
    }
    Spares small = new Spares(disk, Math.min(FIRST_BYTES, options.segmentBytes()), 1);
    if (!small.affordable()) {
      return Optional.empty();
    }
    try {
      small.make(() -> true);
    } catch (DiskFullException e) {
      return Optional.empty();
    }
    return small.take();
  }
}

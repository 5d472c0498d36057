package io.sluice.journal;

import io.sluice.event.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A journal's files as they are, for tools: takes no lock and changes nothing. Of a journal that is
 * in use it shows some recent moment. Blocks on the disk.
 */
public final class Inspection {
  private final Disk disk;
  private final Contents contents;

  private Inspection(Disk disk) throws IOException {
    this.disk = disk;
    this.contents = Contents.read(disk);
  }

  /**
   * One segment file.
   *
   * @param first its first event
   * @param next behind its last event
   * @param bytes of frames
   * @param fileBytes what the file takes
   * @param written when its last frame was written
   * @param sealed whether it was ended in order
   */
  public record SegmentFile(
      String name,
      Position first,
      Position next,
      long bytes,
      long fileBytes,
      Instant written,
      boolean sealed) {}

  /**
   * Looks at a directory.
   *
   * @throws JournalVersionException when a later program wrote it
   */
  public static Inspection of(Path directory) throws IOException {
    return of(new FileDisk(directory));
  }

  static Inspection of(Disk disk) throws IOException {
    return new Inspection(disk);
  }

  /** Oldest first. */
  public List<SegmentFile> segments() {
    return contents.segments().stream().map(Inspection::told).toList();
  }

  private static SegmentFile told(Segment segment) {
    return new SegmentFile(
        segment.name(),
        segment.header().first(),
        new Position(segment.header().epoch(), segment.next()),
        segment.bytes(),
        segment.fileBytes(),
        Instant.ofEpochMilli(segment.written()),
        segment.sealed());
  }

  /** Which journal it is; empty where nothing tells. */
  public Optional<String> journal() {
    return contents.segments().stream()
        .findFirst()
        .map(segment -> segment.header().journal())
        .or(() -> contents.cursors().map(CursorFile::journal))
        .map(Object::toString);
  }

  /** Whether it was shut down in order and not opened since. */
  public boolean clean() {
    return contents.clean();
  }

  public Map<String, Position> cursors() {
    return contents.cursors().map(CursorFile::positions).orElse(Map.of());
  }

  /** Bytes at the end that belong to a frame that was never finished; opening cuts them off. */
  public long tornBytes() {
    return contents.torn();
  }

  /** Empty where there is no segment. */
  Optional<View> view() {
    List<Segment> all = contents.segments();
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new View(List.copyOf(all.subList(0, all.size() - 1)), all.get(all.size() - 1)));
  }

  /** The first event there is, and where the next would stand. */
  public Position first() {
    return view().map(View::first).orElse(Position.START);
  }

  public Position next() {
    return view().map(View::next).orElse(Position.START);
  }

  /** What takes what was read; may stop the reading. */
  @FunctionalInterface
  public interface Each {
    /** Whether to go on. */
    boolean entry(Entry entry) throws IOException;
  }

  /** Reads from a position to the end, over everything damaged. */
  public void read(Position from, Each each, Consumer<Damage> damaged) throws IOException {
    Optional<View> view = view();
    if (view.isEmpty()) {
      return;
    }
    try (JournalReader reader =
        new JournalReader(disk, view::get, from, OnCorruption.QUARANTINE, damaged)) {
      Optional<Entry> entry = reader.read();
      while (entry.isPresent() && each.entry(entry.get())) {
        entry = reader.read();
      }
    }
  }

  /** Reads everything and tells what is damaged, in order. */
  public List<Damage> verify() throws IOException {
    Set<Damage> damage = new LinkedHashSet<>(contents.damage());
    read(first(), entry -> true, found -> addUnlessKnown(damage, found));
    return new ArrayList<>(damage);
  }

  /** What the reader meets inside what is known already is no news. */
  private static void addUnlessKnown(Set<Damage> damage, Damage found) {
    boolean known =
        damage.stream()
            .anyMatch(
                each ->
                    each.from().ordinal() <= found.from().ordinal()
                        && each.to().ordinal() >= found.to().ordinal());
    if (!known) {
      damage.add(found);
    }
  }

  /**
   * Copies what can be read into a new journal, positions and cursors included, and what is
   * remembered of events if none of them is missing.
   *
   * @param target a directory without a journal; made where there is none
   * @param damaged told what could not be copied
   * @return what was copied
   */
  public Salvaged salvage(Path target, Consumer<Damage> damaged) throws IOException {
    return salvage(Surroundings.real(target), damaged);
  }

  Salvaged salvage(Surroundings target, Consumer<Damage> damaged) throws IOException {
    target.disk().lock();
    try {
      if (!Contents.read(target.disk()).segments().isEmpty()) {
        throw new IOException(target.disk().name() + " holds a journal already");
      }
      return new Salvage(this, target).copy(damaged);
    } finally {
      target.disk().unlock();
    }
  }

  /** The memo there is; empty where there is none. */
  Optional<Remembered> remembered() throws IOException {
    List<Segment> segments = contents.segments();
    return segments.isEmpty()
        ? Optional.empty()
        : new MemoFile(disk, segments.get(0).header().journal()).load();
  }

  void saveCursors(Disk to) throws IOException {
    if (contents.cursors().isPresent()) {
      contents.cursors().get().save(to);
    }
  }
}

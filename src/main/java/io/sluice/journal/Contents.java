package io.sluice.journal;

import io.sluice.event.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the files of a journal hold, found without touching them.
 *
 * @param names all files
 * @param segments that can be read, oldest first; only the last, and those that lost their footer,
 *     were read through
 * @param clean whether the journal was shut down in order
 * @param unreadable segment files without a header to be trusted
 * @param damage what is known to be missing
 * @param torn bytes behind the end of the last segment that were begun and never finished
 */
record Contents(
    List<String> names,
    List<Segment> segments,
    boolean clean,
    Optional<CursorFile> cursors,
    List<String> unreadable,
    List<Damage> damage,
    long torn) {
  private static final Pattern SEGMENT = Pattern.compile("\\d{20}\\.seg");

  static Contents read(Disk disk) throws IOException {
    List<String> names = disk.list();
    Optional<CursorFile> cursors = CursorFile.load(disk, names);
    SortedMap<String, SegmentHeader> headers = new TreeMap<>();
    List<String> unreadable = new ArrayList<>();
    for (String name : names) {
      if (SEGMENT.matcher(name).matches()) {
        header(disk, name)
            .ifPresentOrElse(header -> headers.put(name, header), () -> unreadable.add(name));
      }
    }
    leaveForeign(headers, unreadable);
    Optional<CleanMarker> marker =
        names.contains(CleanMarker.NAME) ? CleanMarker.load(disk) : Optional.empty();
    Reading reading = new Reading(disk, marker, headers);
    reading.all();
    reading.gaps(unreadable);
    return new Contents(
        names,
        reading.segments,
        reading.clean,
        cursors,
        unreadable.stream().sorted().toList(),
        List.copyOf(reading.damage),
        reading.torn);
  }

  private static Optional<SegmentHeader> header(Disk disk, String name) throws IOException {
    try (DiskFile file = disk.read(name)) {
      return SegmentHeader.read(file, name)
          .filter(header -> SegmentHeader.file(header.base()).equals(name));
    }
  }

  /** Segments of another journal that somebody put here do not count; most of them are right. */
  private static void leaveForeign(
      SortedMap<String, SegmentHeader> headers, List<String> unreadable) {
    Map<UUID, Long> votes =
        headers.values().stream()
            .collect(Collectors.groupingBy(SegmentHeader::journal, Collectors.counting()));
    Optional<UUID> ours =
        votes.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    Function<SegmentHeader, Boolean> foreign =
        header -> !header.journal().equals(ours.orElse(header.journal()));
    headers.forEach(
        (name, header) -> {
          if (foreign.apply(header)) {
            unreadable.add(name);
          }
        });
    headers.values().removeIf(foreign::apply);
  }

  /** The base a segment file's name tells. */
  static long base(String name) {
    return Long.parseLong(name.substring(0, 20));
  }

  /** Goes through the segments in order. */
  private static final class Reading {
    private final Disk disk;
    private final Optional<CleanMarker> marker;
    private final SortedMap<String, SegmentHeader> headers;
    private final List<Segment> segments = new ArrayList<>();
    private final List<Damage> damage = new ArrayList<>();
    private boolean clean;
    private long torn;

    Reading(Disk disk, Optional<CleanMarker> marker, SortedMap<String, SegmentHeader> headers) {
      this.disk = disk;
      this.marker = marker;
      this.headers = headers;
    }

    void all() throws IOException {
      for (Map.Entry<String, SegmentHeader> each : headers.entrySet()) {
        boolean last = each.getKey().equals(headers.lastKey());
        try (FrameScanner scanner = new FrameScanner(disk.read(each.getKey()), each.getValue())) {
          segments.add(segment(scanner, each.getKey(), each.getValue(), last));
        }
      }
    }

    private Segment segment(FrameScanner scanner, String name, SegmentHeader header, boolean last)
        throws IOException {
      long size = scanner.size();
      Optional<SegmentFooter> footer = scanner.footer();
      if (footer.isPresent()) {
        SegmentFooter is = footer.get();
        return new Segment(
            name, header, is.end(), is.next(), is.written(), is.forced(), size, true);
      }
      if (last && marker.isPresent() && marker.get().fits(header, size)) {
        CleanMarker is = marker.get();
        clean = true;
        return new Segment(name, header, is.end(), is.next(), is.written(), is.next(), size, false);
      }
      SegmentScan scan = SegmentScan.of(scanner, name, header, size);
      damage.addAll(scan.holes());
      torn = last ? scan.torn() : 0;
      return scan.segment(name, header, size);
    }

    /** Between segments, and where files cannot be read. */
    void gaps(List<String> unreadable) {
      for (int i = 1; i < segments.size(); i++) {
        Segment before = segments.get(i - 1);
        Segment after = segments.get(i);
        if (before.next() < after.base() && !after.header().gapKnown()) {
          Position from = new Position(before.header().epoch(), before.next());
          damage.add(
              new Damage(from, after.header().first(), SegmentHeader.file(before.next()), 0, true));
        }
      }
      for (String name : unreadable) {
        long base = base(name);
        boolean inGap =
            segments.stream().anyMatch(segment -> segment.next() <= base)
                && segments.stream().anyMatch(segment -> segment.base() > base);
        if (!inGap) {
          outside(name, base);
        }
      }
      damage.sort(Comparator.comparingLong((Damage each) -> each.from().ordinal()));
    }

    private void outside(String name, long base) {
      Optional<Segment> after =
          segments.stream().filter(segment -> segment.base() > base).findFirst();
      Position from = new Position(after.map(segment -> segment.header().epoch()).orElse(0), base);
      Position to = after.map(segment -> segment.header().first()).orElse(from);
      damage.add(new Damage(from, to, name, 0, true));
    }
  }
}

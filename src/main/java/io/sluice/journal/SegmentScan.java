package io.sluice.journal;

import io.sluice.event.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What reading a whole segment found.
 *
 * @param end behind its last whole frame; bytes
 * @param next the ordinal behind its last event
 * @param written when its last frame was written; wall clock, milliseconds
 * @param forced events below this ordinal were known to be forced
 * @param holes what is missing between whole frames
 * @param torn bytes of a frame that was begun behind the end and never finished
 */
record SegmentScan(long end, long next, long written, long forced, List<Damage> holes, long torn) {

  static SegmentScan of(FrameScanner scanner, String name, SegmentHeader header, long limit)
      throws IOException {
    long at = SegmentHeader.BYTES;
    long next = header.base();
    long written = header.created();
    long forced = header.base();
    List<Damage> holes = new ArrayList<>();
    while (true) {
      if (!(scanner.frame(at, limit) && scanner.first() == next)) {
        long found = scanner.find(at, limit, next);
        if (found < 0) {
          break;
        }
        if (scanner.first() > next) {
          Position from = new Position(header.epoch(), next);
          Position to = new Position(header.epoch(), scanner.first());
          holes.add(new Damage(from, to, name, at, true));
        }
        at = found;
      }
      next = scanner.next();
      written = scanner.time();
      forced = Math.max(forced, scanner.forced());
      at += scanner.length();
    }
    return new SegmentScan(
        at, next, written, forced, judged(holes, forced), torn(scanner, header, at, limit));
  }

  private static List<Damage> judged(List<Damage> holes, long forced) {
    return holes.stream()
        .map(
            hole ->
                new Damage(
                    hole.from(),
                    hole.to(),
                    hole.segment(),
                    hole.offset(),
                    hole.from().ordinal() < forced))
        .toList();
  }

  private static long torn(FrameScanner scanner, SegmentHeader header, long at, long limit)
      throws IOException {
    if (scanner.begun(at, limit)) {
      return Math.min(Math.max(Frame.HEADER, scanner.length()), limit - at);
    }
    return header.recycled() || scanner.blank(at, limit) ? 0 : limit - at;
  }

  Segment segment(String name, SegmentHeader header, long fileBytes) {
    return new Segment(name, header, end, next, written, forced, fileBytes, false);
  }
}

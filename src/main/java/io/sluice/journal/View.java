package io.sluice.journal;

import io.sluice.event.Position;
import java.time.Instant;
import java.util.List;

/**
 * What of a journal can be read at one moment. Immutable.
 *
 * @param sealed oldest first
 * @param active the one that is written, as far as it is committed
 */
record View(List<Segment> sealed, Segment active) {
  Position first() {
    return (sealed.isEmpty() ? active : sealed.get(0)).header().first();
  }

  Position next() {
    return new Position(active.header().epoch(), active.next());
  }

  /** The segment that holds the event, or the first one behind it. */
  Segment holding(long ordinal) {
    int low = 0;
    int high = sealed.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sealed.get(middle).next() <= ordinal) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < sealed.size() ? sealed.get(low) : active;
  }

  boolean has(Segment segment) {
    return holding(segment.base()).base() == segment.base();
  }

  /** The ordinal with the epoch it is read under. */
  Position at(long ordinal) {
    return new Position(holding(ordinal).header().epoch(), ordinal);
  }

  /** Where a holder of a position goes on; see {@link Journal#resume}. */
  Position resume(Position held) {
    long ordinal = held.ordinal();
    List<Position> epochs = active.header().epochs();
    boolean forgotten = !epochs.isEmpty() && held.epoch() < epochs.get(0).epoch() - 1;
    if (forgotten || held.epoch() > active.header().epoch()) {
      return first(); // nobody knows where its epoch ended: rather twice than never
    }
    for (Position start : epochs) {
      if (start.epoch() > held.epoch()) {
        ordinal = Math.min(ordinal, start.ordinal());
      }
    }
    return at(Math.max(first().ordinal(), Math.min(ordinal, active.next())));
  }

  /** Bytes of frames from the ordinal on; within a segment, by proportion. */
  long bytesFrom(long ordinal) {
    long bytes = share(active, ordinal);
    for (int i = sealed.size() - 1; i >= 0 && sealed.get(i).next() > ordinal; i--) {
      bytes += share(sealed.get(i), ordinal);
    }
    return bytes;
  }

  private static long share(Segment segment, long ordinal) {
    long events = segment.next() - segment.base();
    if (ordinal <= segment.base() || events == 0) {
      return segment.bytes();
    }
    long kept = Math.max(0, segment.next() - ordinal);
    return (long) (segment.bytes() * ((double) kept / events));
  }

  long fileBytes() {
    long bytes = active.fileBytes();
    for (Segment segment : sealed) {
      bytes += segment.fileBytes();
    }
    return bytes;
  }

  /** Behind the last segment that was wholly written before the moment. */
  Position writtenBefore(Instant moment) {
    Position position = first();
    for (Segment segment : sealed) {
      if (segment.written() >= moment.toEpochMilli()) {
        break;
      }
      position = at(segment.next());
    }
    return position;
  }

  /** The earliest segment start from which on no more than so many bytes are kept. */
  Position keeping(long bytes) {
    long kept = active.bytes();
    int from = sealed.size();
    while (from > 0 && kept + sealed.get(from - 1).bytes() <= bytes) {
      kept += sealed.get(--from).bytes();
    }
    return (from < sealed.size() ? sealed.get(from) : active).header().first();
  }
}

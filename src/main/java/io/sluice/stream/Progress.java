package io.sluice.stream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a log has of one client's session. Immutable.
 *
 * @param session its name
 * @param through the number up to which nothing is missing
 * @param ahead what is there beyond a gap, in order: what follows a batch that was refused may have
 *     been on its way to the disk already
 * @param end the ordinal behind the last of its events
 * @param used when its last event was received; milliseconds since 1970
 */
record Progress(String session, long through, List<Span> ahead, long end, long used) {
  /** Numbers from {@code first} to {@code last}. */
  record Span(long first, long last) {}

  static Progress none(String session) {
    return new Progress(session, 0, List.of(), 0, 0);
  }

  /**
   * With no more than what is whole: what was there beyond a gap counts as new when it comes again.
   */
  Progress whole(long endsAt, long usedAt) {
    return new Progress(session, through, List.of(), Math.max(end, endsAt), Math.max(used, usedAt));
  }

  /** With more numbers. */
  Progress plus(Span more, long endsAt, long usedAt) {
    long later = Math.max(end, endsAt);
    long newest = Math.max(used, usedAt);
    if (ahead.isEmpty() && more.first() <= through + 1) {
      return new Progress(session, Math.max(through, more.last()), ahead, later, newest);
    }
    List<Span> all = new ArrayList<>(ahead);
    all.add(more);
    all.sort(Comparator.comparingLong(Span::first));
    long reach = through;
    List<Span> beyond = new ArrayList<>();
    for (Span span : all) {
      if (span.first() <= reach + 1) {
        reach = Math.max(reach, span.last());
      } else {
        beyond.add(span);
      }
    }
    return new Progress(session, reach, List.copyOf(beyond), later, newest);
  }

  /** Up to where nothing is missing, given that nothing is up to {@code reach}. */
  long reach(long reach) {
    long far = Math.max(reach, through);
    for (Span span : ahead) {
      if (span.first() <= far + 1) {
        far = Math.max(far, span.last());
      }
    }
    return far;
  }

  /** Whether a number beyond the gap is there. */
  boolean isAhead(long number) {
    for (Span span : ahead) {
      if (number >= span.first() && number <= span.last()) {
        return true;
      }
    }
    return false;
  }
}

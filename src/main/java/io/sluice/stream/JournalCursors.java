package io.sluice.stream;

import io.sluice.event.Position;
import io.sluice.event.Refusal;
import io.sluice.journal.Appended;
import io.sluice.journal.Commits;
import io.sluice.journal.Inspection;
import io.sluice.journal.Inspection.SegmentFile;
import io.sluice.journal.Journal;
import io.sluice.journal.JournalOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where sinks stand in a journal that no stream has open. Blocks. */
public final class JournalCursors {
  private JournalCursors() {}

  /**
   * The sinks that have a position and do not take.
   *
   * @param directory the journal's; there need not be one
   * @param takers who takes
   */
  public static List<StreamState.ParkedState> parked(Path directory, List<String> takers)
      throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    Inspection journal = Inspection.of(directory);
    Map<String, Position> parked = new TreeMap<>(journal.cursors());
    long low = journal.next().ordinal();
    for (String taker : takers) {
      Position held = parked.remove(taker);
      low = Math.min(low, held == null ? low : held.ordinal());
    }
    long needed = low;
    return parked.entrySet().stream()
        .map(
            entry ->
                new StreamState.ParkedState(
                    entry.getKey(),
                    entry.getValue(),
                    Math.max(0, journal.next().ordinal() - first(journal, entry.getValue())),
                    between(journal, entry.getValue().ordinal(), needed)))
        .toList();
  }

  private static long first(Inspection journal, Position held) {
    return Math.max(journal.first().ordinal(), held.ordinal());
  }

  /** Bytes of events; within a segment, by proportion. */
  private static long between(Inspection journal, long from, long to) {
    double bytes = 0;
    for (SegmentFile segment : journal.segments()) {
      long first = segment.first().ordinal();
      long next = segment.next().ordinal();
      long events = Math.min(next, to) - Math.max(first, from);
      bytes += events > 0 ? (double) segment.bytes() * events / (next - first) : 0;
    }
    return (long) bytes;
  }

  /** Forgets how far a sink is. The journal must not be open anywhere. */
  public static void forget(Path directory, String sink) throws IOException {
    try (Journal journal = Journal.open(directory, JournalOptions.DEFAULTS, new Nobody())) {
      journal.retireCursor(sink);
    }
  }

  /** Who appends nothing hears nothing. */
  private static final class Nobody implements Commits {
    @Override
    public void committed(List<Appended> group) {
      // nothing was appended
    }

    @Override
    public void refused(List<Appended> group, Refusal why) {
      // nothing was appended
    }

    @Override
    public void failed(List<Appended> group, IOException cause) {
      // nothing was appended
    }
  }
}

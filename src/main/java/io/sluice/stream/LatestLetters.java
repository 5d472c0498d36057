package io.sluice.stream;

import io.sluice.event.Batch;
import io.sluice.event.Event;
import io.sluice.event.Position;
import io.sluice.journal.Entry;
import io.sluice.journal.Journal;
import io.sluice.journal.JournalReader;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The dead letters that were kept last, so that those which come a second time after a crash are
 * known. An event is told by its stream, its place there and when it was received: a place alone is
 * used again by a stream whose journal was deleted. Used by one thread at a time.
 */
final class LatestLetters {
  /** How many are remembered; more than a sink leaves uncommitted. */
  static final int MOST = 1024;

  /** How much of the end of a journal is read for them. Bytes. */
  private static final long READ = 8L << 20;

  private record Letter(String stream, String position, Instant received) {}

  private final Set<Letter> letters = new LinkedHashSet<>();

  /** Remembers what a journal holds at its end. Blocks. */
  void read(Journal journal) throws IOException {
    Position next = journal.next();
    long from = Math.max(journal.keeping(READ).ordinal(), next.ordinal() - MOST);
    try (JournalReader reader = journal.reader(new Position(next.epoch(), Math.max(0, from)))) {
      for (Optional<Entry> entry = reader.read(); entry.isPresent(); entry = reader.read()) {
        add(entry.get().batch());
      }
    }
  }

  /** Remembers marked events. */
  void add(Batch marked) {
    for (int i = 0; i < marked.size(); i++) {
      Event event = marked.event(i);
      letters.add(
          new Letter(
              event.attributes().getOrDefault(JournalDeadLetters.STREAM, ""),
              event.attributes().getOrDefault(JournalDeadLetters.POSITION, ""),
              marked.origin().received()));
      if (letters.size() > MOST) {
        letters.remove(letters.iterator().next());
      }
    }
  }

  boolean has(String stream, Position position, Instant received) {
    return letters.contains(new Letter(stream, position.toString(), received));
  }
}

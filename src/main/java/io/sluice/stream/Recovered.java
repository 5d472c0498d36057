package io.sluice.stream;

import io.sluice.event.Position;
import io.sluice.journal.Damage;
import io.sluice.journal.Entry;
import io.sluice.journal.Journal;
import io.sluice.journal.JournalReader;
import io.sluice.journal.Remembered;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal that was opened, and what the stream remembers of its events: as the last memo has it,
 * and the events behind that.
 *
 * @param upTo behind the last event that is remembered
 */
record Recovered(Journal journal, Memory memory, Position upTo) {
  private static final Logger LOG = LoggerFactory.getLogger(Recovered.class);

  /** Opens a journal. */
  @FunctionalInterface
  interface Opening {
    Journal open() throws IOException;
  }

  /**
   * Opens and reads; blocks.
   *
   * @param whole whether events behind the memo are remembered, too
   */
  static Recovered open(Opening opening, Optional<KeysMade> keys, boolean whole)
      throws IOException {
    Journal journal = opening.open();
    try {
      return recovered(journal, keys, whole);
    } catch (IOException | RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  /** What is remembered of a journal's events. Blocks. */
  static Memory memory(Journal journal, Optional<KeysMade> keys) throws IOException {
    return recovered(journal, keys, true).memory();
  }

  private static Recovered recovered(Journal journal, Optional<KeysMade> keys, boolean whole)
      throws IOException {
    Optional<Remembered> found = journal.remembered();
    if (found.isEmpty()) {
      return new Recovered(journal, Memory.empty(keys), journal.next());
    }
    Position upTo = found.get().upTo();
    Position from = journal.resume(upTo);
    if (from.ordinal() > upTo.ordinal() && found.get().head().isPresent()) {
      LOG.atWarn()
          .addKeyValue("from", upTo)
          .addKeyValue("to", from)
          .log("events left a full disk before they were remembered, repeats of them are new");
    }
    Memory memory = MemoryImage.read(found.get(), from.ordinal(), keys);
    if (!whole) {
      return new Recovered(journal, memory, from);
    }
    try (JournalReader reader = journal.reader(from, lost -> damaged(journal, lost, memory))) {
      for (Optional<Entry> entry = reader.read(); entry.isPresent(); entry = reader.read()) {
        memory.restore(entry.get().first(), entry.get().batch());
      }
    }
    return new Recovered(journal, memory, journal.next());
  }

  /**
   * What was never forced was never promised, and is sent again as it was. Where receipts come
   * before that, what a power cut took cannot be told from damage, and counts as never promised,
   * too.
   */
  private static void damaged(Journal journal, Damage damage, Memory memory) {
    if (damage.forced() && journal.forcesFirst()) {
      LOG.atWarn()
          .addKeyValue("from", damage.from())
          .addKeyValue("to", damage.to())
          .addKeyValue("sessions", memory.sessions())
          .log("what sessions had behind damage is forgotten, repeats of it are new");
      memory.damaged();
    }
  }
}

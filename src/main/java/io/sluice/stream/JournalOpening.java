package io.sluice.stream;

import io.sluice.journal.Commits;
import io.sluice.journal.Journal;
import io.sluice.journal.JournalOptions;
import java.io.IOException;
import java.nio.file.Path;

/** How journals are opened: {@code Journal::open}, or on a disk that a test makes fail. */
@FunctionalInterface
public interface JournalOpening {
  /** As {@link Journal#open} does. Blocks. */
  Journal open(Path directory, JournalOptions options, Commits commits) throws IOException;
}

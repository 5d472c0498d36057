package io.sluice.stream;

import io.sluice.journal.Inspection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is in journals that nobody has open. Blocks. */
public final class JournalContents {
  private JournalContents() {}

  /**
   * Whether a journal holds events, delivered or not.
   *
   * @param directory need not exist
   * @throws IOException when it cannot be read, or a later program wrote it
   */
  public static boolean any(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    Inspection inspection = Inspection.of(directory);
    return inspection.next().ordinal() > inspection.first().ordinal();
  }

  /** How many events a directory's journal holds; 0 where there is none. */
  public static long count(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    Inspection inspection = Inspection.of(directory);
    return inspection.next().ordinal() - inspection.first().ordinal();
  }
}

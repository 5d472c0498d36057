package io.sluice.bench;

import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import io.sluice.event.Refusal;
import io.sluice.journal.Appended;
import io.sluice.journal.Commits;
import io.sluice.journal.Journal;
import io.sluice.journal.JournalOptions;
import io.sluice.journal.Sync;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Files through a journal and nothing else: read one after the other, cut at line feeds, appended
 * in batches as large as those of a directory source, each forced before it counts.
 */
final class JournalAlone implements Commits, AutoCloseable {
  private static final int BATCH = 256 << 10;

  /** As many bytes as a poll may have on their way. */
  private static final int AT_ONCE = 32;

  private final Semaphore free = new Semaphore(AT_ONCE);
  private final Journal journal;

  JournalAlone(Path directory) throws IOException {
    this.journal = Journal.open(directory, JournalOptions.DEFAULTS.withSync(Sync.ALWAYS), this);
  }

  /** Seconds from the first byte read until the last one is on disk. */
  double seconds(InputStream files) throws Exception {
    long began = System.nanoTime();
    byte[] rest = {};
    for (byte[] read = files.readNBytes(BATCH); read.length > 0; read = files.readNBytes(BATCH)) {
      byte[] region = Arrays.copyOf(rest, rest.length + read.length);
      System.arraycopy(read, 0, region, rest.length, read.length);
      int[] bounds = new int[region.length / 50];
      int bound = 0;
      int start = 0;
      for (int at = 0; at < region.length; at++) {
        if (region[at] == '\n') {
          bounds[bound++] = start;
          bounds[bound++] = at;
          start = at + 1;
        }
      }
      rest = Arrays.copyOfRange(region, start, region.length);
      Origin origin = new Origin("logs", Origin.ANONYMOUS, "text/plain", Instant.now());
      free.acquire();
      journal.append(
          Batch.of(region, Arrays.copyOf(bounds, bound), true, origin, Columns.NONE), this);
      journal.release(journal.next());
    }
    free.acquire(AT_ONCE);
    free.release(AT_ONCE);
    return (System.nanoTime() - began) / 1e9;
  }

  @Override
  public void committed(List<Appended> group) {
    free.release(group.size());
  }

  @Override
  public void refused(List<Appended> group, Refusal why) {
    throw new IllegalStateException("refused: " + why);
  }

  @Override
  public void failed(List<Appended> group, IOException cause) {
    throw new IllegalStateException(cause);
  }

  @Override
  public void close() {
    journal.close();
  }
}

package io.sluice.cli;

import io.sluice.connector.CursorLostException;
import io.sluice.connector.Step;
import io.sluice.control.DataDirectory;
import io.sluice.lease.CursorFiles;
import io.sluice.lease.CursorRecord;
import io.sluice.lease.KeptCursor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A gateway's data directory, which nobody else may have while a cursor is moved. */
record FileShelf(Path data) implements CursorShelf {
  @Override
  public List<KeptCursor> all() throws IOException {
    CursorFiles files = DataDirectory.cursorsIn(data);
    List<KeptCursor> all = new ArrayList<>();
    for (String source : files.sources()) {
      kept(files, source).ifPresent(all::add);
    }
    return all;
  }

  @Override
  public Optional<KeptCursor> find(String source) throws IOException {
    return kept(DataDirectory.cursorsIn(data), source);
  }

  private static Optional<KeptCursor> kept(CursorFiles files, String source) throws IOException {
    try {
      return files
          .load(source)
          .map(record -> new KeptCursor(source, "", record.term(), record::cursor));
    } catch (CursorLostException lost) {
      return Optional.of(
          new KeptCursor(
              source,
              "",
              0,
              () -> {
                throw lost;
              }));
    }
  }

  @Override
  public Optional<Moved> rewind(String source, Optional<Step> step) throws IOException {
    try (DataDirectory locked = DataDirectory.open(data)) {
      CursorFiles files = new CursorFiles(locked.cursors());
      Optional<KeptCursor> before = kept(files, source);
      if (before.isEmpty()) {
        return Optional.empty();
      }
      if (step.isPresent()) {
        long term = before.get().term() + 1;
        files.save(source, new CursorRecord(term, step.get().from(before.get().cursor().read())));
        return Optional.of(new Moved(before.get(), ""));
      }
      return files
          .putAside(source, Instant.now())
          .map(aside -> new Moved(before.get(), aside.toString()));
    }
  }

  @Override
  public void close() {}
}

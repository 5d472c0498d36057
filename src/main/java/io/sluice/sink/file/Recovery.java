package io.sluice.sink.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;

/** Brings files back to what is committed of them. Confined to the sink's thread. */
final class Recovery {
  private final ProgressFile progress;
  private final Disk disk;
  private final FileSinkTelemetry telemetry;

  Recovery(ProgressFile progress, Disk disk, FileSinkTelemetry telemetry) {
    this.progress = progress;
    this.disk = disk;
    this.telemetry = telemetry;
  }

  /** Returns what was committed, with no file left that could hold more; durable. */
  Progress cutBack() throws IOException {
    Progress saved = progress.load();
    for (Progress.Kept kept : saved.files()) {
      cutBack(kept);
    }
    Progress clean = new Progress(saved.positions(), List.of());
    progress.save(clean);
    return clean;
  }

  private void cutBack(Progress.Kept kept) throws IOException {
    Path file = kept.file();
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      if (!kept.begun()) {
        telemetry.shorter(file, 0, kept.length());
      }
      return;
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file + " is not a regular file");
    }
    long size = Files.size(file);
    if (kept.begun()) {
      disk.delete(file);
      disk.forceName(file);
      telemetry.cut(file, size, 0);
    } else if (size > kept.length()) {
      try (FileChannel channel =
          disk.open(file, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
        channel.truncate(kept.length());
        channel.force(true);
      }
      telemetry.cut(file, size, kept.length());
    } else if (size < kept.length()) {
      telemetry.shorter(file, size, kept.length());
    }
  }
}

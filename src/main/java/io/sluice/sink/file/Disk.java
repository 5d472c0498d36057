package io.sluice.sink.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;

/** What the sink does to its disk that must be durable, or can fail half way. Calls block. */
interface Disk {
  FileChannel open(Path file, Set<? extends OpenOption> options) throws IOException;

  /** Makes durable which files the directory holds. */
  void forceDirectory(Path directory) throws IOException;

  /** Makes durable that {@code file} is there, or is gone. */
  default void forceName(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null) {
      forceDirectory(directory);
    }
  }

  /** Renames within a directory, in place of whatever had the name: all or nothing. */
  void rename(Path from, Path to) throws IOException;

  void delete(Path file) throws IOException;
}

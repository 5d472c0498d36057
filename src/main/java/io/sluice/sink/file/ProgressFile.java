package io.sluice.sink.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Where the sink's progress is kept; replaced as a whole. Confined to the sink's thread. */
final class ProgressFile {
  private final Path directory;
  private final Path file;
  private final Path next;
  private final Disk disk;

  ProgressFile(Path directory, Disk disk) {
    this.directory = directory;
    this.file = directory.resolve("progress");
    this.next = directory.resolve("progress.next");
    this.disk = disk;
  }

  /** What was saved last, or nothing when nothing ever was. Makes the directory. */
  Progress load() throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory);
      disk.forceName(directory);
    }
    if (!Files.exists(file)) {
      return Progress.NONE;
    }
    try {
      return Progress.parse(Files.readString(file));
    } catch (IOException unreadable) {
      throw new IOException(file + " " + unreadable.getMessage(), unreadable);
    }
  }

  /** Returns once {@code progress} would survive a power cut. */
  void save(Progress progress) throws IOException {
    ByteBuffer text = ByteBuffer.wrap(progress.text().getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel =
        disk.open(
            next,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE))) {
      while (text.hasRemaining()) {
        channel.write(text);
      }
      channel.force(true);
    }
    disk.rename(next, file);
    disk.forceDirectory(directory);
  }
}

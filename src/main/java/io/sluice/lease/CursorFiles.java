package io.sluice.lease;

import io.sluice.config.Names;
import io.sluice.connector.CursorLostException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A directory with a file for each pull source, called like it. A file is replaced as a whole: what
 * is read is always what was written at some moment. Blocks.
 *
 * @param directory need not be there yet
 */
public record CursorFiles(Path directory) {
  /** Larger than any cursor of sense. Bytes. */
  private static final long LARGEST = 64L << 20;

  /** No source's name holds a tilde, and none begins with a dot. */
  private static final DateTimeFormatter ASIDE =
      DateTimeFormatter.ofPattern("'~'yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** A source's file. */
  public Path file(String source) {
    return directory.resolve(source);
  }

  /** The sources that have one, in order. */
  public List<String> sources() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(Names::fits)
          .sorted()
          .toList();
    }
  }

  /**
   * What is kept of a source; empty when it was never polled.
   *
   * @throws CursorLostException when it is damaged, or of a later version
   */
  public Optional<CursorRecord> load(String source) throws IOException {
    Path file = file(source);
    try {
      if (Files.size(file) > LARGEST) {
        throw new CursorLostException(file + " is damaged: it is too large");
      }
      return Optional.of(CursorRecord.decode(Files.readAllBytes(file), file.toString()));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
  }

  /** Writes, forces, and only then puts it in the place of the one before. */
  public void save(String source, CursorRecord record) throws IOException {
    Files.createDirectories(directory);
    Path unfinished = directory.resolve("." + source + ".tmp");
    try (FileChannel out =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer content = ByteBuffer.wrap(record.encode());
      while (content.hasRemaining()) {
        out.write(content);
      }
      out.force(true);
    }
    Files.move(
        unfinished,
        file(source),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    sync();
  }

  /**
   * Gives a source's file another name, so that the source begins anew.
   *
   * @return where it is now; empty when there was none
   */
  public Optional<Path> putAside(String source, Instant now) throws IOException {
    Path aside = directory.resolve(source + ASIDE.format(now));
    try {
      Files.move(file(source), aside, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
    sync();
    return Optional.of(aside);
  }

  /** A name is durable once its directory is. */
  private void sync() throws IOException {
    try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
      names.force(true);
    }
  }
}

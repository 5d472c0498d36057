package io.sluice.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads what the file sink wrote. Files that are compared and will not grow any more are removed,
 * so that a run needs room for little more than one measurement.
 */
final class Arrivals {
  /** Where an event's number stands: behind {@code {"id":"} and a mark of eight letters. */
  private static final int NUMBER_AT = "{\"id\":\"abcdefgh-".length();

  private static final int NUMBER_DIGITS = 12;
  private static final int LINE = GatewayBenchmark.EVENT_BYTES + 1;

  /**
   * @param events lines since the last time
   * @param twice lines whose number was there before, since the last time
   */
  record Count(long events, long twice) {}

  private final Path directory;
  private long removedBytes;
  private long takenOfLast;

  Arrivals(Path directory) {
    this.directory = directory;
  }

  /** Bytes written so far, in files removed since, too. */
  long bytes() {
    long bytes = removedBytes;
    for (Path file : files()) {
      bytes += file.toFile().length();
    }
    return bytes;
  }

  Count take() {
    BitSet numbers = new BitSet();
    long events = 0;
    List<Path> files = files();
    for (int i = 0; i < files.size(); i++) {
      events += read(files.get(i), i == 0 ? takenOfLast : 0, numbers);
      boolean last = i == files.size() - 1;
      takenOfLast = last ? files.get(i).toFile().length() : 0;
      if (!last) {
        removedBytes += files.get(i).toFile().length();
        delete(files.get(i));
      }
    }
    return new Count(events, events - numbers.cardinality());
  }

  private static long read(Path file, long from, BitSet numbers) {
    byte[] block = new byte[LINE * 4096];
    long events = 0;
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(from);
      for (int count = in.readNBytes(block, 0, block.length);
          count > 0;
          count = in.readNBytes(block, 0, block.length)) {
        if (count % LINE != 0) {
          throw new AssertionError("half an event at the end of " + file);
        }
        for (int at = 0; at < count; at += LINE, events++) {
          numbers.set(number(block, at));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return events;
  }

  private static int number(byte[] block, int at) {
    if (block[at] != '{' || block[at + LINE - 1] != '\n') {
      throw new AssertionError("a line that was not sent");
    }
    int number = 0;
    for (int i = at + NUMBER_AT; i < at + NUMBER_AT + NUMBER_DIGITS; i++) {
      number = number << 4 | Character.digit(block[i], 16);
    }
    return number;
  }

  private List<Path> files() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".ndjson"))
          .sorted(java.util.Comparator.comparingLong(Arrivals::sequence))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long sequence(Path file) {
    return Long.parseLong(file.getFileName().toString().replaceAll("\\D", ""));
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

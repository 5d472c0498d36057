package io.sluice.sink.file;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.codec.LineFormat;
import io.sluice.config.ByteSize;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Shelves for tests, and reading what they wrote. */
final class Shelves {
  private Shelves() {}

  static FileSinkConfig config(
      String path, Compression compression, long maxBytes, Optional<Duration> every, int open) {
    return new FileSinkConfig(
        path,
        LineFormat.PAYLOAD,
        compression,
        maxBytes == 0 ? Optional.empty() : Optional.of(new ByteSize(maxBytes)),
        every,
        Duration.ZERO,
        open);
  }

  static Shelf shelf(FileSinkConfig config, Path memory, Disk disk, Clock clock) {
    return new Shelf(
        config,
        "archive",
        memory,
        disk,
        clock,
        new FileSinkTelemetry("archive", new SimpleMeterRegistry()));
  }

  /** The names of the files, sorted. */
  static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** The lines of a file, unpacked by what its name ends in; fails when it is cut anywhere. */
  static List<String> lines(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length == 0) {
      return List.of();
    }
    try (InputStream unpacked = unpacked(file.toString(), bytes)) {
      String text = new String(unpacked.readAllBytes(), StandardCharsets.UTF_8);
      if (!text.isEmpty() && !text.endsWith("\n")) {
        throw new IOException(file + " does not end with a line");
      }
      return text.lines().toList();
    }
  }

  private static InputStream unpacked(String name, byte[] bytes) throws IOException {
    InputStream raw = new ByteArrayInputStream(bytes);
    if (name.endsWith(".gz")) {
      return new GZIPInputStream(raw);
    }
    return name.endsWith(".zst") ? new ZstdInputStreamNoFinalizer(raw) : raw;
  }
}

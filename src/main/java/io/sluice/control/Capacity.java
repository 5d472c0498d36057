package io.sluice.control;

import io.sluice.config.ByteSize;
import io.sluice.config.Checked;
import io.sluice.config.Problem;
import io.sluice.stream.JournalContents;
import io.sluice.stream.StreamSettings;
import io.sluice.stream.StreamSettings.Buffer;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What streams may hold, fitted to the disks their journals are on: what the operator wrote must
 * fit, and what was left open becomes an equal share of the rest, less a tenth of the disk. A
 * stream that holds events already is started in any case, as others may have filled the disk since
 * it fitted. Blocks.
 */
public final class Capacity {
  private static final Logger LOG = LoggerFactory.getLogger(Capacity.class);
  private static final long MIB = 1L << 20;
  private static final int MARGIN = 10;

  private final Configuration<?> configuration;
  private final DataDirectory data;
  private final Disks disks;
  private final Map<String, StreamSettings> streams;
  private final List<Problem> problems = new ArrayList<>();

  /** Tells which disk a directory is on. */
  @FunctionalInterface
  interface Disks {
    FileStore of(Path directory) throws IOException;
  }

  private Capacity(Configuration<?> configuration, DataDirectory data, Disks disks) {
    this.configuration = configuration;
    this.data = data;
    this.disks = disks;
    this.streams = new LinkedHashMap<>(configuration.settings().streams());
  }

  /**
   * The settings with every stream's {@code maxBytes}.
   *
   * @return bad when streams on one disk may hold more than it has room for, counting what their
   *     journals hold already, and one that is to hold more has no events yet
   * @throws IOException when a disk cannot be asked
   */
  public static Checked<Settings> fit(Configuration<?> configuration, DataDirectory data)
      throws IOException {
    return fit(configuration, data, Files::getFileStore);
  }

  static Checked<Settings> fit(Configuration<?> configuration, DataDirectory data, Disks disks)
      throws IOException {
    return new Capacity(configuration, data, disks).fit();
  }

  private Checked<Settings> fit() throws IOException {
    Map<FileStore, List<String>> streamsOn = new LinkedHashMap<>();
    for (Map.Entry<String, StreamSettings> stream : streams.entrySet()) {
      if (stream.getValue().buffer() == Buffer.DISK) {
        FileStore disk = disks.of(data.existing(data.stream(stream.getKey())));
        streamsOn.computeIfAbsent(disk, first -> new ArrayList<>()).add(stream.getKey());
      }
    }
    for (Map.Entry<FileStore, List<String>> disk : streamsOn.entrySet()) {
      fit(disk.getKey(), disk.getValue());
    }
    Settings settings = configuration.settings();
    return problems.isEmpty()
        ? new Checked.Good<>(new Settings(settings.sources(), streams, settings.sinks()), List.of())
        : new Checked.Bad<>(problems);
  }

  private void fit(FileStore disk, List<String> names) throws IOException {
    long asked = 0;
    long room = disk.getUsableSpace();
    List<String> open = new ArrayList<>();
    for (String name : names) {
      room += held(data.stream(name));
      if (maxBytes(name).isEmpty()) {
        open.add(name);
      }
    }
    for (String name : names) {
      long bytes = maxBytes(name).map(ByteSize::bytes).orElse(0L);
      if (bytes > room - asked) {
        if (!JournalContents.any(data.stream(name))) {
          refuse(name, bytes, asked, room);
          return;
        }
        warn(name, bytes, asked, room);
      }
      asked += bytes;
    }
    long rest = room - asked - disk.getTotalSpace() / MARGIN;
    for (String name : open) {
      share(name, rest / open.size());
    }
  }

  private Optional<ByteSize> maxBytes(String name) {
    return Optional.ofNullable(streams.get(name)).flatMap(StreamSettings::maxBytes);
  }

  private void refuse(String name, long bytes, long others, long room) {
    String beside = others == 0 ? "" : ", beside " + others + " bytes of other streams";
    problems.add(
        configuration
            .blame()
            .at(
                "/" + ConfigurationModel.STREAMS + "/" + name + "/maxBytes",
                "asks for "
                    + bytes
                    + " bytes"
                    + beside
                    + ", and the disk of "
                    + data.stream(name)
                    + " has room for "
                    + room
                    + " bytes",
                "ask for less, or put the data directory on a larger disk"));
  }

  private void warn(String name, long bytes, long others, long room) {
    LOG.atWarn()
        .addKeyValue("stream", name)
        .addKeyValue("maxBytes", bytes)
        .addKeyValue("otherStreams", others)
        .addKeyValue("room", room)
        .log("the disk has no room for what the stream may hold, it will be full before");
  }

  /** A preset is lowered to what there is; a full disk does not keep the gateway from draining. */
  private void share(String name, long bytes) {
    streams.computeIfPresent(
        name,
        (same, settings) -> {
          long least = Math.max(bytes / MIB * MIB, StreamSettings.LEAST.bytes());
          if (least >= settings.limit().bytes()) {
            return settings;
          }
          ByteSize fitting = new ByteSize(least);
          LOG.atInfo()
              .addKeyValue("stream", name)
              .addKeyValue("maxBytes", fitting)
              .addKeyValue("preset", settings.limit())
              .log("stream made to fit the disk");
          return settings.withMaxBytes(fitting);
        });
  }

  /** What the files of a journal take. Bytes; 0 where there is none. */
  private static long held(Path journal) throws IOException {
    if (!Files.isDirectory(journal)) {
      return 0;
    }
    long bytes = 0;
    try (Stream<Path> files = Files.list(journal)) {
      for (Path file : files.toList()) {
        bytes += size(file);
      }
    }
    return bytes;
  }

  /** A journal that is in use deletes and renames files at any moment. */
  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException gone) {
      return 0;
    }
  }
}

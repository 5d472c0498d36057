package io.sluice.control;

import io.sluice.config.Names;
import io.sluice.control.ParkedPart.Kind;
import io.sluice.lease.CursorFiles;
import io.sluice.stream.JournalContents;
import io.sluice.stream.JournalCursors;
import io.sluice.stream.StreamSettings;
import io.sluice.stream.StreamState.ParkedState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is in a data directory and in no configuration: journals, what sinks remember, dead letters
 * and cursors. Blocks.
 */
public final class ParkedFiles {
  private final Path root;
  private final Settings settings;

  /**
   * What there is beside some settings.
   *
   * @param root the data directory
   * @param settings what runs, or shall run
   */
  public ParkedFiles(Path root, Settings settings) {
    this.root = root;
    this.settings = settings;
  }

  /** Everything, with positions in journals that nobody has open. */
  public List<ParkedPart> all() throws IOException {
    List<ParkedPart> parts = new ArrayList<>(files());
    for (String stream : settings.streams().keySet()) {
      if (onDisk(stream)) {
        for (ParkedState state :
            JournalCursors.parked(
                DataDirectory.streamIn(root, stream), settings.takersOf(stream))) {
          parts.add(position(stream, state));
        }
      }
    }
    return parts;
  }

  static ParkedPart position(String stream, ParkedState state) {
    return new ParkedPart(
        Kind.SINK, state.sink(), Optional.of(stream), state.events(), state.bytes());
  }

  /** What are files of their own. */
  List<ParkedPart> files() throws IOException {
    List<ParkedPart> parts = new ArrayList<>();
    for (String stream : names(DataDirectory.streamIn(root, "."))) {
      if (!onDisk(stream)) {
        Path journal = DataDirectory.streamIn(root, stream);
        long events = JournalContents.count(journal);
        parts.add(new ParkedPart(Kind.STREAM, stream, Optional.empty(), events, size(journal)));
      }
    }
    NavigableSet<String> sinks = names(DataDirectory.sinkIn(root, "."));
    sinks.addAll(names(DataDirectory.deadLettersIn(root, ".")));
    for (String sink : sinks) {
      if (!settings.sinks().containsKey(sink)) {
        Path letters = DataDirectory.deadLettersIn(root, sink);
        long bytes = size(DataDirectory.sinkIn(root, sink)) + size(letters);
        long events = JournalContents.count(letters);
        parts.add(new ParkedPart(Kind.SINK, sink, Optional.empty(), events, bytes));
      }
    }
    CursorFiles cursors = DataDirectory.cursorsIn(root);
    for (String source : cursors.sources()) {
      if (!settings.sources().containsKey(source)) {
        long bytes = size(cursors.file(source));
        parts.add(new ParkedPart(Kind.SOURCE, source, Optional.empty(), 0, bytes));
      }
    }
    return parts;
  }

  private boolean onDisk(String stream) {
    StreamSettings wanted = settings.streams().get(stream);
    return wanted != null && wanted.buffer() == StreamSettings.Buffer.DISK;
  }

  /**
   * Deletes something for good. Nobody may have it open.
   *
   * @param part one that was listed
   */
  public void delete(ParkedPart part) throws IOException {
    switch (part.kind()) {
      case STREAM -> delete(DataDirectory.streamIn(root, part.name()));
      case SINK -> {
        if (part.stream().isPresent()) {
          JournalCursors.forget(DataDirectory.streamIn(root, part.stream().get()), part.name());
        } else {
          delete(DataDirectory.sinkIn(root, part.name()));
          delete(DataDirectory.deadLettersIn(root, part.name()));
        }
      }
      case SOURCE -> delete(DataDirectory.cursorsIn(root).file(part.name()));
    }
  }

  private static NavigableSet<String> names(Path directory) throws IOException {
    NavigableSet<String> names = new TreeSet<>();
    if (Files.isDirectory(directory)) {
      try (Stream<Path> entries = Files.list(directory)) {
        entries
            .map(entry -> entry.getFileName().toString())
            .filter(Names::fits)
            .forEach(names::add);
      }
    }
    return names;
  }

  private static long size(Path tree) throws IOException {
    long bytes = 0;
    for (Path file : tree(tree)) {
      bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
    }
    return bytes;
  }

  private static void delete(Path tree) throws IOException {
    List<Path> all = new ArrayList<>(tree(tree));
    all.sort(Comparator.reverseOrder());
    for (Path file : all) {
      Files.deleteIfExists(file);
    }
  }

  private static List<Path> tree(Path top) throws IOException {
    try (Stream<Path> files = Files.walk(top)) {
      return files.toList();
    } catch (NoSuchFileException none) {
      return List.of();
    }
  }
}

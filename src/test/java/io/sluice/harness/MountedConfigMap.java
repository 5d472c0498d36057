package io.sluice.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A ConfigMap or Secret mounted as a directory, changed as the kubelet changes it: all files in a
 * directory of their own with a time in its name, a link {@code ..data} to it that is renamed over
 * the one before, links to {@code ..data/NAME} for the users, and then the directory before is
 * deleted. The order is that of {@code AtomicWriter} in Kubernetes' {@code pkg/volume/util}.
 *
 * <p>Used by one thread.
 */
public final class MountedConfigMap {
  private static final String DATA = "..data";
  private static final String NEW_DATA = "..data_tmp";

  private final Path directory;
  private int version;

  /** A mount that is not there yet. */
  public MountedConfigMap(Path directory) {
    this.directory = directory;
  }

  public Path directory() {
    return directory;
  }

  /** Makes the mount hold these files and no others, all at once. */
  public void write(Map<String, String> files) throws IOException {
    Files.createDirectories(directory);
    Path link = directory.resolve(DATA);
    Path before = before(link);
    Path now = directory.resolve("..2026_11_22_17_30_00.%09d".formatted(++version));
    Files.createDirectory(now);
    Files.setPosixFilePermissions(now, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(now.resolve(file.getKey()), file.getValue());
    }
    Path next = directory.resolve(NEW_DATA);
    Files.createSymbolicLink(next, now.getFileName());
    Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
    for (String name : files.keySet()) {
      Path visible = directory.resolve(name);
      if (!Files.isSymbolicLink(visible)) {
        Files.createSymbolicLink(visible, Path.of(DATA).resolve(name));
      }
    }
    for (Path visible : links()) {
      if (!files.containsKey(visible.getFileName().toString())) {
        Files.delete(visible);
      }
    }
    if (before != null) {
      delete(before);
    }
  }

  private Path before(Path link) throws IOException {
    try {
      return directory.resolve(Files.readSymbolicLink(link));
    } catch (NoSuchFileException first) {
      return null;
    }
  }

  private List<Path> links() throws IOException {
    List<Path> links = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory)) {
      entries.filter(entry -> !entry.getFileName().toString().startsWith("..")).forEach(links::add);
    }
    return links;
  }

  /** Takes the whole mount away, unless it is gone. */
  public void vanish() throws IOException {
    if (Files.exists(directory)) {
      delete(directory);
    }
  }

  private static void delete(Path tree) throws IOException {
    List<Path> all;
    try (Stream<Path> entries = Files.walk(tree)) {
      all = entries.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path entry : all) {
      Files.delete(entry);
    }
  }
}

package io.sluice.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file to read.
 *
 * @param shown what the operator calls it
 * @param real where it really is, absolute and without links
 */
record ConfigFile(Path shown, Path real) {
  private static final long LARGEST = 16 << 20;

  /**
   * The files meant by {@code paths}, in the order in which they are merged. Touches the disk.
   *
   * <p>A directory stands for its {@code *.json} in name order, without hidden ones and without
   * {@code *.schema.json}, which editors look for beside the files they check. Kubernetes swaps a
   * mounted ConfigMap by renaming the link {@code ..data}; that link is followed once, so that all
   * files come from the same version.
   */
  static List<ConfigFile> find(List<Path> paths, Problems problems) {
    List<ConfigFile> files = new ArrayList<>();
    for (Path path : paths) {
      try {
        if (Files.isDirectory(path)) {
          inside(path, files, problems);
        } else {
          files.add(existing(path, path));
        }
      } catch (IOException failure) {
        problems.badFile(path, cause(failure));
      } catch (UncheckedIOException vanished) {
        problems.badFile(path, cause(vanished));
      }
    }
    return files;
  }

  private static void inside(Path directory, List<ConfigFile> files, Problems problems)
      throws IOException {
    Path data = directory.resolve("..data");
    Path real = Files.isDirectory(data) ? data.toRealPath() : directory;
    List<Path> names;
    try (Stream<Path> entries = Files.list(real)) {
      names =
          entries
              .filter(entry -> named(entry.getFileName().toString()))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
    }
    if (names.isEmpty()) {
      problems.badFile(directory, "is a directory without any *.json");
    }
    for (Path name : names) {
      files.add(existing(directory.resolve(name.getFileName()), name));
    }
  }

  private static boolean named(String file) {
    return file.endsWith(".json") && !file.endsWith(".schema.json") && !file.startsWith(".");
  }

  private static ConfigFile existing(Path shown, Path found) throws IOException {
    Path real = found.toRealPath();
    if (!Files.isReadable(real)) {
      throw new AccessDeniedException(shown.toString());
    }
    if (Files.size(real) > LARGEST) {
      throw new IOException("is larger than " + new ByteSize(LARGEST));
    }
    return new ConfigFile(shown, real);
  }

  /** Why a file cannot be read, in words. */
  static String cause(Throwable failure) {
    if (failure instanceof NoSuchFileException) {
      return "does not exist";
    }
    if (failure instanceof AccessDeniedException) {
      return "cannot be read: permission denied";
    }
    return "cannot be read: " + failure.getMessage();
  }
}

package io.sluice.sink.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * Finds the file that a target goes on with, and makes the directories it needs. Follows no
 * symbolic link below the root. Confined to the sink's thread.
 */
final class Places {
  private final Path root;
  private final Disk disk;

  Places(Path root, Disk disk) {
    this.root = root;
    this.disk = disk;
  }

  /** Makes the root, and demands that it can be written. */
  void prepare() throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path at = root; at != null && !Files.exists(at); at = at.getParent()) {
      missing.push(at);
    }
    for (Path directory : missing) {
      make(directory);
    }
    if (!Files.isDirectory(root)) {
      throw new IOException(root + " is not a directory");
    }
    if (!Files.isWritable(root)) {
      throw new IOException(root + " cannot be written");
    }
  }

  private void make(Path directory) throws IOException {
    Files.createDirectory(directory);
    disk.forceName(directory);
  }

  /**
   * The file to go on with.
   *
   * @param least the least number it may have
   * @param taken files that somebody else is writing
   * @param full whether a file of this path and size takes no more
   */
  Place next(Target target, int least, Predicate<Path> taken, BiPredicate<Path, Long> full)
      throws IOException {
    descend(target.directory());
    int number = Math.max(least, highest(target));
    while (true) {
      Path file = target.file(number);
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        if (!taken.test(file)) {
          return new Place(file, number, 0, true);
        }
      } else if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(file + " is not a regular file");
      } else {
        long size = Files.size(file);
        if (!taken.test(file) && !full.test(file, size)) {
          return new Place(file, number, size, false);
        }
      }
      number++;
    }
  }

  private static int highest(Target target) throws IOException {
    int highest = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(target.directory())) {
      for (Path file : files) {
        highest = Math.max(highest, target.numberIn(file.getFileName().toString()));
      }
    }
    return highest;
  }

  private void descend(Path directory) throws IOException {
    Path at = root;
    for (Path step : root.relativize(directory)) {
      at = at.resolve(step).normalize();
      if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
        make(at);
      } else if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(at + " is not a directory, or is a link");
      }
    }
  }
}

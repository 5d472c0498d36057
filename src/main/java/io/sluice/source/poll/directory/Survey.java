package io.sluice.source.poll.directory;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files that match, as they are at one moment.
 *
 * @param files by identity: one that has several names is there once
 * @param unreadable what could not be looked into
 */
record Survey(Map<String, Found> files, List<Path> unreadable) {
  /** Looks. Blocks; fails when the directory itself cannot be read. */
  static Survey of(Glob glob, boolean followLinks) throws IOException {
    Path root = glob.root().toRealPath();
    Walk walk = new Walk(glob, root);
    Set<FileVisitOption> options =
        followLinks
            ? EnumSet.of(FileVisitOption.FOLLOW_LINKS)
            : EnumSet.noneOf(FileVisitOption.class);
    Files.walkFileTree(root, options, glob.depth(), walk);
    return new Survey(walk.files, List.copyOf(walk.unreadable));
  }

  /** The files in the order to read them. */
  List<Found> inOrder() {
    return files.values().stream().sorted(Found.ORDER).toList();
  }

  private static final class Walk extends SimpleFileVisitor<Path> {
    private final Glob glob;
    private final Path root;
    private final Map<String, Found> files = new HashMap<>();
    private final List<Path> unreadable = new ArrayList<>();

    Walk(Glob glob, Path root) {
      this.glob = glob;
      this.root = root;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Path relative = root.relativize(file);
      if (glob.matches(relative)) {
        if (attributes.isRegularFile()) {
          add(Found.of(file, relative.toString(), attributes));
        } else if (attributes.isSymbolicLink()) {
          link(file, relative);
        }
      }
      return FileVisitResult.CONTINUE;
    }

    /** A link that is not followed wherever it leads. */
    private void link(Path file, Path relative) throws IOException {
      try {
        Path real = file.toRealPath();
        if (real.startsWith(root)) {
          BasicFileAttributes attributes =
              Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
          if (attributes.isRegularFile()) {
            add(Found.of(real, relative.toString(), attributes));
          }
        }
      } catch (NoSuchFileException nowhere) {
        // It leads to nothing, or did so only just now.
      }
    }

    /** Of several names the first in order, so that it is the same one each time. */
    private void add(Found found) {
      files.merge(
          found.identity(),
          found,
          (one, other) -> one.name().compareTo(other.name()) < 0 ? one : other);
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (file.equals(root)) {
        throw failure;
      }
      if (!(failure instanceof NoSuchFileException)) {
        unreadable.add(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        return visitFileFailed(directory, failure);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}

package io.sluice.source.poll.directory;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * What happens to files whose events are all kept. Blocks.
 *
 * @param moveTo where they go; they are deleted without
 */
record Farewell(Optional<Path> moveTo) {
  /** How many files of one name can be in one directory. */
  private static final int NAMESAKES = 10_000;

  /**
   * Does it, unless the file is not as it was found.
   *
   * @return whether it is gone
   */
  boolean bid(Found file) throws IOException {
    if (!file.again().same(file)) {
      return false;
    }
    Path path = file.path().toRealPath();
    if (moveTo.isEmpty()) {
      Files.delete(path);
    } else {
      Path target = moveTo.get().resolve(file.name());
      Files.createDirectories(target.toAbsolutePath().getParent());
      Files.move(path, free(target), StandardCopyOption.ATOMIC_MOVE);
    }
    return true;
  }

  /** A name that no file has; an atomic move would replace it. */
  private static Path free(Path target) throws IOException {
    Path name = target;
    for (int i = 1; Files.exists(name); i++) {
      if (i == NAMESAKES) {
        throw new FileAlreadyExistsException(target.toString());
      }
      name = target.resolveSibling(target.getFileName() + "." + i);
    }
    return name;
  }
}

package io.sluice.source.poll.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Comparator;

/**
 * A file as it was at one moment.
 *
 * @param path where to open it
 * @param name relative to the directory
 * @param identity device and inode, which stay when it is renamed; the name where there are none
 * @param size bytes
 * @param modified when it was written last, by its file system's clock
 */
record Found(Path path, String name, String identity, long size, Instant modified) {
  /** The order in which files are read. */
  static final Comparator<Found> ORDER =
      Comparator.comparing(Found::modified).thenComparing(Found::name);

  static Found of(Path path, String name, BasicFileAttributes attributes) {
    Object key = attributes.fileKey();
    return new Found(
        path,
        name,
        key == null ? "name=" + name : bare(key.toString()),
        attributes.size(),
        attributes.lastModifiedTime().toInstant());
  }

  /** Without the brackets around it. */
  private static String bare(String key) {
    return key.startsWith("(") && key.endsWith(")") ? key.substring(1, key.length() - 1) : key;
  }

  /** The same path as it is now. */
  Found again() throws IOException {
    return of(path, name, Files.readAttributes(path, BasicFileAttributes.class));
  }

  boolean same(Found other) {
    return identity.equals(other.identity) && size == other.size && modified.equals(other.modified);
  }

  /** Whether it is compressed. */
  boolean packed() {
    return gzip() || name.endsWith(".zst");
  }

  boolean gzip() {
    return name.endsWith(".gz");
  }

  /** The inode; the device before it can change when the machine starts again. */
  static String inode(String identity) {
    return identity.substring(identity.indexOf(',') + 1);
  }
}

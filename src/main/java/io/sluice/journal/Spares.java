package io.sluice.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Files that wait to become segments: their blocks exist already, which makes writing into them
 * cheap. Made and given back by the keeper, taken by the writer.
 */
final class Spares {
  static final String SUFFIX = ".spare";
  private static final String USED = ".used";
  private static final int CHUNK = 1 << 20;

  private final Disk disk;
  private final long bytes;
  private final int most;
  private final Deque<String> ready = new ArrayDeque<>();
  private int made;

  Spares(Disk disk, long bytes, int most) {
    this.disk = disk;
    this.bytes = bytes;
    this.most = most;
  }

  /** Takes over a file left from an earlier run, or deletes it where it is of no use. */
  synchronized void adopt(String name) throws IOException {
    made = Math.max(made, number(name) + 1);
    boolean fits;
    try (DiskFile file = disk.read(name)) {
      fits = file.size() == bytes;
    }
    if (fits && ready.size() < most) {
      ready.add(name);
    } else {
      disk.delete(name);
    }
  }

  private static int number(String name) {
    try {
      return Integer.parseInt(name.substring(0, name.indexOf('.')));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  synchronized Optional<String> take() {
    return Optional.ofNullable(ready.poll());
  }

  synchronized boolean isEmpty() {
    return ready.isEmpty();
  }

  synchronized int size() {
    return ready.size();
  }

  /** Keeps a released segment's file, or deletes it; forces its name. */
  void giveBack(Segment segment) throws IOException {
    boolean keep = segment.fileBytes() == bytes && size() < most && affordable();
    String name = keep ? name(USED + SUFFIX) : "";
    if (keep) {
      disk.rename(segment.name(), name);
    } else {
      disk.delete(segment.name());
    }
    disk.sync();
    if (keep) {
      offer(name);
    }
  }

  private synchronized String name(String suffix) {
    return made++ + suffix;
  }

  /** Whether a spare file was a segment before. */
  static boolean used(String name) {
    return name.endsWith(USED + SUFFIX);
  }

  private synchronized void offer(String name) {
    ready.add(name);
  }

  /** Whether one would leave as much room as it takes: others write to the disk too. */
  boolean affordable() throws IOException {
    return disk.room() >= 2 * bytes;
  }

  /** What is done between two steps of making one, and whether to go on. */
  @FunctionalInterface
  interface Between {
    boolean goOn() throws IOException;
  }

  /**
   * Makes one.
   *
   * @param between asked after each mebibyte written, so that nothing waits for the whole
   */
  void make(Between between) throws IOException {
    String name = name(SUFFIX);
    String unfinished = name + ".tmp";
    boolean whole;
    try (DiskFile file = disk.write(unfinished)) {
      whole = fill(file, between);
    } catch (IOException e) {
      disk.delete(unfinished);
      throw e;
    }
    if (whole) {
      disk.rename(unfinished, name);
      offer(name);
    } else {
      disk.delete(unfinished);
    }
  }

  private boolean fill(DiskFile file, Between between) throws IOException {
    for (long at = 0; at < bytes; at += CHUNK) {
      fill(file, at, Math.min(bytes, at + CHUNK));
      file.force();
      if (!between.goOn()) {
        return false;
      }
    }
    return true;
  }

  /** Writes zeros. */
  static void fill(DiskFile file, long from, long to) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate((int) Math.max(0, Math.min(CHUNK, to - from)));
    for (long at = from; at < to; at += zeros.capacity()) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), to - at));
      file.write(zeros, at);
    }
  }
}

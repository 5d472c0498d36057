package io.sluice.sink.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/**
 * A disk that keeps apart what was written and what was forced, and whose power can be cut: then of
 * what was not forced anything may be there, or not, or be garbage. Files are real, forcing is not.
 */
final class SimulatedDisk implements Disk {
  /** The process is gone: whatever catches this can do nothing any more. */
  static final class PowerCut extends Error {}

  private final Random random;
  private final Map<Path, Inode> names = new HashMap<>();
  private final Map<Path, Inode> forcedNames = new HashMap<>();

  /** After how many operations the next fault comes; never when negative. */
  private int untilFault = -1;

  private boolean cutting;
  private boolean off;
  long space = Long.MAX_VALUE;

  private static final class Inode {
    byte[] forced = {};
  }

  SimulatedDisk(Random random) {
    this.random = random;
  }

  /** Makes an operation fail with an I/O error. */
  void failAfter(int operations) {
    untilFault = operations;
    cutting = false;
  }

  /** Cuts the power in an operation. */
  void cutAfter(int operations) {
    untilFault = operations;
    cutting = true;
  }

  /** Whether the operation only comes half way, and then fails. */
  boolean faulty() {
    return off || (untilFault >= 0 && untilFault-- == 0);
  }

  IOException fault() {
    if (cutting) {
      off = true;
      throw new PowerCut();
    }
    return new IOException("Input/output error");
  }

  /** Whether the power was cut and has not come back. */
  boolean off() {
    return off;
  }

  private void operate() throws IOException {
    if (faulty()) {
      throw fault();
    }
  }

  @Override
  public FileChannel open(Path file, Set<? extends OpenOption> options) throws IOException {
    operate();
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && options.contains(StandardOpenOption.CREATE)) {
      names.put(file, new Inode());
    }
    // What was there before the test began is durable.
    if (!names.containsKey(file)) {
      Inode inode = new Inode();
      inode.forced = Files.readAllBytes(file);
      names.put(file, inode);
      forcedNames.put(file, inode);
    }
    return new SimulatedChannel(FileChannel.open(file, options), file, this);
  }

  void forced(Path file) throws IOException {
    Inode inode = names.get(file);
    if (inode != null) {
      inode.forced = Files.readAllBytes(file);
    }
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    operate();
    forcedNames.keySet().removeIf(file -> directory.equals(file.getParent()));
    names.forEach(
        (file, inode) -> {
          if (directory.equals(file.getParent())) {
            forcedNames.put(file, inode);
          }
        });
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    operate();
    Files.move(from, to, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    names.put(to, Objects.requireNonNull(names.remove(from)));
  }

  @Override
  public void delete(Path file) throws IOException {
    operate();
    Files.deleteIfExists(file);
    names.remove(file);
  }

  /** What is left when the power comes back. */
  void cut() throws IOException {
    untilFault = -1;
    off = false;
    Map<Path, byte[]> left = new HashMap<>();
    Set<Path> all = new HashSet<>(names.keySet());
    all.addAll(forcedNames.keySet());
    for (Path file : all) {
      Inode now = names.get(file);
      Inode forced = forcedNames.get(file);
      Inode survivor = now == forced || random.nextBoolean() ? now : forced;
      if (survivor != null) {
        byte[] written = survivor == now ? Files.readAllBytes(file) : survivor.forced;
        left.put(file, survives(survivor.forced, written));
      }
    }
    names.clear();
    forcedNames.clear();
    for (Path file : all) {
      byte[] content = left.get(file);
      if (content == null) {
        Files.deleteIfExists(file);
      } else {
        if (!Files.exists(file) || !Arrays.equals(content, Files.readAllBytes(file))) {
          Files.write(file, content);
        }
        Inode inode = new Inode();
        inode.forced = content;
        names.put(file, inode);
        forcedNames.put(file, inode);
      }
    }
  }

  private byte[] survives(byte[] forced, byte[] written) {
    if (Arrays.equals(forced, written) || random.nextInt(3) == 0) {
      return forced;
    }
    if (written.length <= forced.length) {
      return written;
    }
    int same = Math.max(0, Arrays.mismatch(forced, written));
    byte[] some = Arrays.copyOf(written, same + random.nextInt(written.length - same + 1));
    for (int i = same; i < some.length && random.nextInt(4) == 0; i++) {
      some[i] = (byte) random.nextInt();
    }
    return some;
  }
}

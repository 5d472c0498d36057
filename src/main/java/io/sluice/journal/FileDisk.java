package io.sluice.journal;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A directory of a real file system. Network file systems keep none of these promises. */
final class FileDisk implements Disk {
  static final String LOCK = "journal.lock";

  private final Path directory;
  private @Nullable FileChannel lock;

  FileDisk(Path directory) {
    this.directory = directory;
  }

  @Override
  public String name() {
    return directory.toString();
  }

  @Override
  public void lock() throws IOException {
    create();
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    if (!taken(channel)) {
      String holder = Files.readString(directory.resolve(LOCK), StandardCharsets.UTF_8);
      channel.close();
      throw new LockedException(name(), holder);
    }
    lock = channel;
    try {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(self().getBytes(StandardCharsets.UTF_8)), 0);
    } catch (IOException full) {
      // It only says who holds the lock, and a full disk is to be opened too.
    }
  }

  /** The lock ends when its channel is closed. */
  private static boolean taken(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock taken = channel.tryLock();
      return taken != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static String self() {
    ProcessHandle process = ProcessHandle.current();
    String started = process.info().startInstant().map(Object::toString).orElse("unknown");
    return "pid " + process.pid() + " on " + host() + " started " + started + "\n";
  }

  private static String host() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "this host";
    }
  }

  /** Makes the directory and forces every name on the way to it that was not there. */
  private void create() throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path at = directory.toAbsolutePath();
        at != null && !Files.isDirectory(at);
        at = at.getParent()) {
      missing.push(at);
    }
    Files.createDirectories(directory);
    for (Path made : missing) {
      Path parent = made.getParent();
      if (parent != null) {
        sync(parent);
      }
    }
  }

  @Override
  public void unlock() throws IOException {
    FileChannel held = lock;
    if (held != null) {
      lock = null;
      held.close();
    }
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Override
  public DiskFile read(String name) throws IOException {
    return new Open(directory, FileChannel.open(directory.resolve(name), StandardOpenOption.READ));
  }

  @Override
  public DiskFile write(String name) throws IOException {
    try {
      return new Open(
          directory,
          FileChannel.open(
              directory.resolve(name),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw classified(e, directory, 1);
    }
  }

  @Override
  public void rename(String from, String to) throws IOException {
    try {
      Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw classified(e, directory, 1);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(directory.resolve(name));
  }

  @Override
  public void sync() throws IOException {
    sync(directory);
  }

  @Override
  public long room() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  private static void sync(Path directory) throws IOException {
    if (File.separatorChar == '\\') {
      return; // Windows neither opens nor needs it
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Java keeps no error number, so this one place reads the text of ENOSPC, EDQUOT and EFBIG, and
   * where the C library speaks another language asks the file system itself.
   */
  private static IOException classified(IOException e, Path directory, long wanted) {
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    boolean full =
        Stream.of("no space left", "quota exceeded", "file too large", "not enough space")
            .anyMatch(text::contains);
    return full || directory.toFile().getUsableSpace() < wanted ? new DiskFullException(e) : e;
  }

  /** One open file. */
  private record Open(Path directory, FileChannel channel) implements DiskFile {
    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      return channel.read(into, offset);
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      long at = offset;
      try {
        while (from.hasRemaining()) {
          at += channel.write(from, at);
        }
      } catch (IOException e) {
        throw classified(e, directory, from.remaining());
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      channel.truncate(size);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}

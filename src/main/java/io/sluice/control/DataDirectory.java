package io.sluice.control;

import io.sluice.lease.CursorFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a gateway keeps what must outlive it, locked for one process at a time:
 *
 * <pre>
 *   streams/NAME        a stream's journal
 *   sinks/NAME          what a sink remembers
 *   cursors/NAME        how far a pull source has read its upstream
 *   dead-letters/NAME   what a sink could never deliver
 *   sluice.lock         held by the process that runs on it; says which
 * </pre>
 *
 * Opening blocks; the rest is plain paths.
 */
public final class DataDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);
  private static final String LOCK = "sluice.lock";
  private static final Pattern REMOTE =
      Pattern.compile("nfs\\d?|cifs|smb\\w*|9p|afs|ceph|fuse\\.(sshfs|glusterfs|s3fs)");

  private final Path root;
  private final FileChannel channel;
  private final FileLock lock;

  private DataDirectory(Path root, FileChannel channel, FileLock lock) {
    this.root = root;
    this.channel = channel;
    this.lock = lock;
  }

  /** The directory is another process's. */
  public static final class LockedException extends IOException {
    LockedException(Path root, String owner) {
      super("data directory " + root + " is in use by another process: " + owner);
    }
  }

  /**
   * Makes the directory where there is none, for its owner only, and locks it.
   *
   * @throws LockedException when another process has it
   * @throws IOException when it cannot be made or written
   */
  public static DataDirectory open(Path path) throws IOException {
    Path root = path.toAbsolutePath().normalize();
    FileChannel channel;
    try {
      Files.createDirectories(root, ownersOnly());
      channel =
          FileChannel.open(
              root.resolve(LOCK),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException("data directory " + root + " cannot be created or written: " + e, e);
    }
    Optional<FileLock> lock = tryLock(channel);
    if (lock.isEmpty()) {
      channel.close();
      throw new LockedException(root, Files.readString(root.resolve(LOCK)).strip());
    }
    channel.truncate(0);
    String owner = "pid " + ProcessHandle.current().pid() + ", since " + Instant.now();
    channel.write(StandardCharsets.UTF_8.encode(owner + "\n"), 0);
    String type = Files.getFileStore(root).type();
    if (remote(type)) {
      LOG.atWarn()
          .addKeyValue("directory", root)
          .addKeyValue("type", type)
          .log(
              "the data directory is on a network file system, where locks and syncs may not hold");
    }
    return new DataDirectory(root, channel, lock.get());
  }

  static boolean remote(String type) {
    return REMOTE.matcher(type).matches();
  }

  private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException ours) {
      return Optional.empty();
    }
  }

  private static FileAttribute<?>[] ownersOnly() {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  /** The nearest directory above a path that is there. */
  Path existing(Path path) {
    return Files.isDirectory(path) ? path : root;
  }

  Path root() {
    return root;
  }

  Path stream(String name) {
    return streamIn(root, name);
  }

  static Path streamIn(Path root, String name) {
    return root.resolve("streams").resolve(name);
  }

  Path sink(String name) {
    return sinkIn(root, name);
  }

  static Path sinkIn(Path root, String name) {
    return root.resolve("sinks").resolve(name);
  }

  /** Holds a file for each pull source. */
  public Path cursors() {
    return cursorsIn(root).directory();
  }

  /** The cursors below a data directory that may be another process's: to be looked at. */
  public static CursorFiles cursorsIn(Path root) {
    return new CursorFiles(root.resolve("cursors"));
  }

  Path deadLetters(String sink) {
    return deadLettersIn(root, sink);
  }

  static Path deadLettersIn(Path root, String sink) {
    return root.resolve("dead-letters").resolve(sink);
  }

  /** Lets another process have it. */
  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}

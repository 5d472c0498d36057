package io.sluice.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real directory on a disk of which one force of a segment fails, with what the system says then.
 * Those after it succeed again, as those of Linux do, so a journal that tried again would be found
 * out.
 */
public final class FailingDisk implements Disk {
  private final FileDisk real;
  private final AtomicInteger forces;

  private FailingDisk(Path directory, AtomicInteger forces) {
    this.real = new FileDisk(directory);
    this.forces = forces;
  }

  /**
   * Opens a journal on such a disk.
   *
   * @param forces how many succeed before one fails; shared by journals that are on one disk
   */
  public static Journal open(
      Path directory, JournalOptions options, Commits commits, AtomicInteger forces)
      throws IOException {
    Surroundings outside =
        new Surroundings(
            new FailingDisk(directory, forces),
            Clock.systemUTC(),
            System::nanoTime,
            new SecureRandom()::nextLong,
            () -> 0);
    Journal journal = Journal.open(outside, options, commits);
    journal.start(String.valueOf(directory.getFileName()));
    return journal;
  }

  @Override
  public void lock() throws IOException {
    real.lock();
  }

  @Override
  public void unlock() throws IOException {
    real.unlock();
  }

  @Override
  public List<String> list() throws IOException {
    return real.list();
  }

  @Override
  public DiskFile read(String name) throws IOException {
    return real.read(name);
  }

  @Override
  public DiskFile write(String name) throws IOException {
    DiskFile file = real.write(name);
    boolean segment = name.contains(".seg") || name.endsWith(Spares.SUFFIX);
    return segment ? new SegmentFile(file, forces) : file;
  }

  @Override
  public void rename(String from, String to) throws IOException {
    real.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    real.delete(name);
  }

  @Override
  public void sync() throws IOException {
    real.sync();
  }

  @Override
  public long room() throws IOException {
    return real.room();
  }

  @Override
  public String name() {
    return real.name();
  }

  private record SegmentFile(DiskFile real, AtomicInteger forces) implements DiskFile {
    @Override
    public int read(ByteBuffer into, long offset) throws IOException {
      return real.read(into, offset);
    }

    @Override
    public void write(ByteBuffer from, long offset) throws IOException {
      real.write(from, offset);
    }

    @Override
    public void force() throws IOException {
      if (forces.getAndDecrement() == 0) {
        throw new IOException("Input/output error");
      }
      real.force();
    }

    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    public void truncate(long size) throws IOException {
      real.truncate(size);
    }

    @Override
    public void close() throws IOException {
      real.close();
    }
  }
}

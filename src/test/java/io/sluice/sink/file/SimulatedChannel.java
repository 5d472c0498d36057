package io.sluice.sink.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** A real channel whose writes come half way when its disk says so. */
final class SimulatedChannel extends FileChannel {
  private final FileChannel real;
  private final Path file;
  private final SimulatedDisk disk;

  SimulatedChannel(FileChannel real, Path file, SimulatedDisk disk) {
    this.real = real;
    this.file = file;
    this.disk = disk;
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    boolean faulty = disk.faulty();
    int whole = bytes.remaining();
    long fits = faulty ? whole / 2 : Math.min(whole, disk.space);
    if (fits == 0 && whole > 0 && !faulty) {
      throw new IOException("No space left on device");
    }
    ByteBuffer part = bytes.slice(bytes.position(), (int) fits);
    while (part.hasRemaining()) {
      real.write(part);
    }
    bytes.position(bytes.position() + (int) fits);
    disk.space -= fits;
    if (faulty) {
      throw disk.fault();
    }
    return (int) fits;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    if (disk.faulty()) {
      throw disk.fault();
    }
    disk.forced(file);
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    if (disk.faulty()) {
      throw disk.fault();
    }
    real.truncate(size);
    return this;
  }

  @Override
  public long position() throws IOException {
    return real.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    real.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return real.size();
  }

  @Override
  protected void implCloseChannel() throws IOException {
    real.close();
  }

  @Override
  public int read(ByteBuffer to) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int read(ByteBuffer to, long position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int write(ByteBuffer from, long position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }
}

package io.sluice.sink.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file being written. What is written stays in a buffer until that is full or the file is forced.
 * Confined to the sink's thread; any failure leaves it in an unknown state, to be abandoned and cut
 * back.
 */
final class OutFile extends OutputStream {
  private final Path path;
  private final int number;
  private final long window;
  private final FileChannel channel;
  private final Packer packer;
  private final Deque<ByteBuffer> spare;
  private final int bufferBytes;
  private final @Nullable Object identity;

  private @Nullable ByteBuffer raw;
  private long length;
  private long written;
  private boolean begun;
  private boolean dirty;

  /**
   * Opens a file where it ends.
   *
   * @param spare buffers to take from and give back to
   */
  OutFile(
      Place place,
      long window,
      Disk disk,
      Compression compression,
      Deque<ByteBuffer> spare,
      int buffer)
      throws IOException {
    this.path = place.file();
    this.number = place.number();
    this.window = window;
    this.spare = spare;
    this.bufferBytes = buffer;
    this.begun = place.begun();
    this.length = place.length();
    this.written = length;
    this.channel =
        disk.open(
            path,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    try {
      channel.position(length);
      this.packer = compression.packer();
      this.identity = identity();
    } catch (IOException | RuntimeException | Error failure) {
      channel.close();
      throw failure;
    }
  }

  Path path() {
    return path;
  }

  int number() {
    return number;
  }

  /** The span of time it was opened in. */
  long window() {
    return window;
  }

  /** How many of its bytes are committed; changes with {@link #committed()}. */
  long length() {
    return length;
  }

  /** Whether this sink created it and nothing in it is committed. */
  boolean begun() {
    return begun;
  }

  /** How long it will be on disk, as far as that is known: what is being packed does not count. */
  long size() {
    return packer instanceof PlainPacker ? written : onDisk();
  }

  boolean dirty() {
    return dirty;
  }

  private long onDisk() {
    try {
      return channel.position();
    } catch (IOException closed) {
      return written;
    }
  }

  @Override
  public void write(int b) throws IOException {
    ByteBuffer raw = room();
    raw.put((byte) b);
    written++;
    dirty = true;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    int left = length;
    while (left > 0) {
      ByteBuffer raw = room();
      int part = Math.min(left, raw.remaining());
      raw.put(bytes, at, part);
      at += part;
      left -= part;
    }
    written += length;
    dirty = true;
  }

  /** The buffer, with room for at least one byte. */
  private ByteBuffer room() throws IOException {
    ByteBuffer raw = this.raw;
    if (raw == null) {
      raw = spare.isEmpty() ? ByteBuffer.allocateDirect(bufferBytes) : spare.pop();
      this.raw = raw;
    } else if (!raw.hasRemaining()) {
      packer.pack(raw.flip(), channel);
      raw.clear();
    }
    return raw;
  }

  /** Returns once all that was written would survive a power cut. Not yet committed. */
  long force() throws IOException {
    ByteBuffer raw = this.raw;
    if (raw != null) {
      packer.pack(raw.flip(), channel);
      giveBack();
    }
    packer.finish(channel);
    channel.force(false);
    return channel.position();
  }

  /** Notes that what was forced counts. */
  void committed() throws IOException {
    length = channel.position();
    written = length;
    begun = false;
    dirty = false;
  }

  /** Whether its name still leads to it; somebody may have moved or removed it. */
  boolean inPlace() {
    return Objects.equals(identity, identity());
  }

  private @Nullable Object identity() {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (IOException gone) {
      return null;
    }
  }

  private void giveBack() {
    ByteBuffer raw = this.raw;
    if (raw != null) {
      spare.push(raw.clear());
      this.raw = null;
    }
  }

  /** Lets go of it; what was not forced is lost. */
  @Override
  public void close() throws IOException {
    giveBack();
    packer.close();
    channel.close();
  }

  static Deque<ByteBuffer> spares() {
    return new ArrayDeque<>();
  }
}

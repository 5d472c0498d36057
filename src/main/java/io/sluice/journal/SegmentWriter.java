package io.sluice.journal;

import io.sluice.event.Batch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The segment that is written: frames gather in one buffer and go to disk together. Confined to the
 * writer thread; after an exception only {@link #rollback} and {@link #close} are of use.
 */
final class SegmentWriter implements AutoCloseable {
  private static final int STAGING = 1 << 20;

  private final String name;
  private final SegmentHeader header;
  private final DiskFile file;
  private final BatchWriting writing = new BatchWriting();
  private final Checksum checksum = new Checksum();
  private ByteBuffer staging = staging(STAGING);
  private long stagedAt;
  private long end;
  private long capacity;
  private long written;

  SegmentWriter(
      String name, SegmentHeader header, DiskFile file, long end, long capacity, long written) {
    this.name = name;
    this.header = header;
    this.file = file;
    this.stagedAt = end;
    this.end = end;
    this.capacity = capacity;
    this.written = written;
  }

  private static ByteBuffer staging(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  SegmentHeader header() {
    return header;
  }

  long end() {
    return end;
  }

  /**
   * Adds a frame.
   *
   * @param first the ordinal of the first event
   * @param unforced how many events before it are not forced yet
   * @return false when it does not fit; then nothing changed
   */
  boolean put(Batch batch, long first, long unforced, boolean relaxed, long millis)
      throws IOException {
    int bound = Frame.HEADER + BatchWriting.bound(batch);
    makeRoom(bound);
    int start = staging.position();
    writing.put(staging.position(start + Frame.HEADER), batch);
    int meta = staging.position();
    long unaligned = (meta - start) + (long) batch.bytes();
    int length = (int) Frame.align(unaligned);
    if (end + length + SegmentFooter.BYTES > capacity) {
      staging.position(start);
      return false;
    }
    int flags = BatchWriting.flags(batch) | (relaxed ? Frame.RELAXED : 0);
    staging.putShort(start, Frame.MAGIC).put(start + Frame.AT_VERSION, Frame.VERSION);
    staging.put(start + Frame.AT_FLAGS, (byte) flags).putInt(start + Frame.AT_LENGTH, length);
    staging.putInt(start + Frame.AT_EPOCH, header.epoch());
    staging.putInt(start + Frame.AT_COUNT, batch.size());
    staging.putLong(start + Frame.AT_FIRST, first).putLong(start + Frame.AT_TIME, millis);
    staging.putInt(start + Frame.AT_UNFORCED, (int) Math.min(unforced, 0xFFFF_FFFFL));
    staging.putInt(start + Frame.AT_EXTENT, batch.bytes());
    sums(start, meta, batch, length - (int) unaligned);
    body(batch, length - (int) unaligned);
    end += length;
    written = millis;
    return true;
  }

  private void sums(int start, int meta, Batch batch, int padding) {
    checksum.reset().add(staging, start, start + Frame.AT_HEAD_CRC);
    staging.putInt(start + Frame.AT_HEAD_CRC, checksum.value() ^ header.headSalt());
    checksum
        .add(staging, start + Frame.AT_HEAD_CRC, start + Frame.AT_CRC)
        .add(staging, start + Frame.HEADER, meta)
        .add(batch.region(), batch.from(), batch.to())
        .add(PADDING, 0, padding);
    staging.putInt(start + Frame.AT_CRC, checksum.value() ^ header.bodySalt());
  }

  private static final byte[] PADDING = new byte[8];

  private void body(Batch batch, int padding) throws IOException {
    for (int at = batch.from(); at < batch.to(); ) {
      int part = Math.min(staging.remaining(), batch.to() - at);
      staging.put(batch.region(), at, part);
      at += part;
      if (at < batch.to()) {
        flush();
      }
    }
    if (staging.remaining() < padding) {
      flush();
    }
    staging.put(PADDING, 0, padding);
  }

  private void makeRoom(int bound) throws IOException {
    if (staging.remaining() >= bound) {
      return;
    }
    flush();
    if (staging.capacity() < bound) {
      staging = staging(bound);
    } else if (staging.capacity() > STAGING && bound <= STAGING) {
      staging = staging(STAGING);
    }
  }

  /** Lets a frame in that is larger than any segment; only while there is no other. */
  void widen(Batch batch) {
    long frame = Frame.HEADER + BatchWriting.bound(batch) + (long) batch.bytes() + 8;
    capacity = Math.max(capacity, SegmentHeader.BYTES + frame + SegmentFooter.BYTES);
  }

  boolean isEmpty() {
    return end == SegmentHeader.BYTES;
  }

  /** How far it is filled, from 0 to 1. */
  double filled() {
    return (double) end / capacity;
  }

  /** Hands everything added to the operating system. */
  void flush() throws IOException {
    int bytes = staging.position();
    if (bytes > 0) {
      file.write(staging.flip(), stagedAt);
      staging.clear();
      stagedAt += bytes;
    }
  }

  void force() throws IOException {
    file.force();
  }

  /** Takes back what was added behind {@code kept}, so that nothing of it is ever read. */
  void rollback(long kept) throws IOException {
    staging.clear();
    stagedAt = kept;
    end = kept;
    if (file.size() > kept) {
      file.truncate(kept);
      file.force();
    }
  }

  /** How much still fits. Bytes. */
  long left() {
    return capacity - end - SegmentFooter.BYTES;
  }

  /** Takes room on disk for so much more, as {@link #rollback} may have given it back. */
  void reserve(long bytes) throws IOException {
    Spares.fill(file, file.size(), Math.min(capacity, end + bytes));
    file.force();
  }

  /** What it is now, with everything flushed. */
  Segment segment(long next, long forced, boolean sealed) throws IOException {
    return new Segment(name, header, end, next, written, forced, Math.max(end, capacity), sealed);
  }

  /** Writes the footer and forces it. */
  void seal(long next, long forced) throws IOException {
    seal(file, header, new SegmentFooter(end, next, written, forced));
  }

  static void seal(DiskFile file, SegmentHeader header, SegmentFooter footer) throws IOException {
    long size = file.size();
    if (size < footer.end() + SegmentFooter.BYTES) {
      file.truncate(footer.end());
      size = footer.end() + SegmentFooter.BYTES;
    }
    file.write(footer.encode(header), size - SegmentFooter.BYTES);
    file.force();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

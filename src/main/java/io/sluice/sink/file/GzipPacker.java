package io.sluice.sink.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Members of a gzip file (RFC 1952), one a finish. */
final class GzipPacker implements Packer {
  /** Magic, deflate, no flags, no time, no level, unknown system. */
  private static final byte[] HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private static final byte[] NOTHING = {};

  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private final CRC32 crc = new CRC32();
  private final ByteBuffer packed =
      ByteBuffer.allocateDirect(64 << 10).order(ByteOrder.LITTLE_ENDIAN);
  private boolean begun;

  @Override
  public void pack(ByteBuffer raw, FileChannel to) throws IOException {
    if (!begun) {
      begun = true;
      packed.put(HEAD);
    }
    crc.update(raw.duplicate());
    deflater.setInput(raw);
    while (!deflater.needsInput()) {
      deflate(to);
    }
    // The deflater would go on reading the caller's buffer when that is filled again.
    deflater.setInput(NOTHING);
  }

  @Override
  public void finish(FileChannel to) throws IOException {
    if (!begun) {
      return;
    }
    deflater.finish();
    while (!deflater.finished()) {
      deflate(to);
    }
    if (packed.remaining() < 8) {
      drain(to);
    }
    packed.putInt((int) crc.getValue()).putInt((int) deflater.getBytesRead());
    drain(to);
    deflater.reset();
    crc.reset();
    begun = false;
  }

  private void deflate(FileChannel to) throws IOException {
    if (!packed.hasRemaining()) {
      drain(to);
    }
    deflater.deflate(packed);
  }

  private void drain(FileChannel to) throws IOException {
    Packer.write(packed.flip(), to);
    packed.clear();
  }

  @Override
  public void close() {
    deflater.end();
  }
}

package io.sluice.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C over parts of buffers. Confined to one thread. */
final class Checksum {
  private final CRC32C crc = new CRC32C();

  Checksum reset() {
    crc.reset();
    return this;
  }

  /** Adds bytes {@code from} to {@code to} of the buffer, by absolute index. */
  Checksum add(ByteBuffer buffer, int from, int to) {
    if (buffer.hasArray()) {
      crc.update(buffer.array(), buffer.arrayOffset() + from, to - from);
      return this;
    }
    int position = buffer.position();
    int limit = buffer.limit();
    buffer.limit(to).position(from);
    crc.update(buffer);
    buffer.limit(limit).position(position);
    return this;
  }

  Checksum add(byte[] bytes, int from, int to) {
    crc.update(bytes, from, to - from);
    return this;
  }

  int value() {
    return (int) crc.getValue();
  }

  /** The sum of one range alone. */
  static int of(ByteBuffer buffer, int from, int to) {
    return new Checksum().add(buffer, from, to).value();
  }
}

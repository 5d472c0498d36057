package io.sluice.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Numbers of seven bits a byte, lowest first, and strings led by their length. */
final class Varint {
  /** The most bytes a number takes. */
  static final int MAX = 10;

  private Varint() {}

  static void put(ByteBuffer out, long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  static long get(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = in.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("number of more than ten bytes");
  }

  /** Small numbers of either sign stay short. */
  static void putSigned(ByteBuffer out, long value) {
    put(out, (value << 1) ^ (value >> 63));
  }

  static long getSigned(ByteBuffer in) {
    long value = get(in);
    return (value >>> 1) ^ -(value & 1);
  }

  static void putText(ByteBuffer out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    put(out, bytes.length);
    out.put(bytes);
  }

  static String getText(ByteBuffer in) {
    return getText(in, Math.toIntExact(get(in)));
  }

  static String getText(ByteBuffer in, int length) {
    byte[] bytes = new byte[java.util.Objects.checkIndex(length, in.remaining() + 1)];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The most bytes a string takes. */
  static int bound(String text) {
    return 5 + 3 * text.length();
  }
}

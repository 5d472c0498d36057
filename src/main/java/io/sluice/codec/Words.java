package io.sluice.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Eight bytes at once, the first lowest. */
final class Words {
  /** Every byte 1; times a byte, every byte that. */
  static final long ONES = 0x0101010101010101L;

  /** The high bit of every byte. */
  static final long HIGHS = ONES << 7;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Words() {}

  /** The eight bytes that start at {@code at}. */
  static long at(byte[] in, int at) {
    return (long) LONGS.get(in, at);
  }

  /** The high bit of the lowest byte that is zero, and maybe of some above it; 0 when none is. */
  static long zeros(long word) {
    return (word - ONES) & ~word & HIGHS;
  }

  /** Which byte the lowest bit of {@code bits} lies in. */
  static int lowest(long bits) {
    return Long.numberOfTrailingZeros(bits) >>> 3;
  }

  /** The first line feed from {@code at}, or {@code to}. */
  static int lineFeed(byte[] in, int at, int to) {
    while (at <= to - 8) {
      long found = zeros(at(in, at) ^ (ONES * '\n'));
      if (found != 0) {
        return at + lowest(found);
      }
      at += 8;
    }
    while (at < to && in[at] != '\n') {
      at++;
    }
    return at;
  }
}

package io.sluice.source.tcp;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The bytes of a connection that are not in a batch yet: the unfinished record, and what is being
 * looked through. There is always a byte to spare behind them. Confined to one event loop.
 */
final class Window {
  private static final byte[] NOTHING = {0};

  private byte[] bytes = NOTHING;
  private int size;

  /** What they lie in, from 0 to {@link #size}. */
  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  /** Adds what was read. Grows with it, never on the word of a sender. */
  void append(ByteBuf read) {
    int more = read.readableBytes();
    int needed = Math.addExact(size, more + 1);
    if (needed > bytes.length) {
      // A long record that comes in pieces is copied a few times, not once a piece.
      int room = size > more ? (int) Math.min(2L * bytes.length, 1 << 30) : needed;
      bytes = Arrays.copyOf(bytes, Math.max(room, needed));
    }
    read.getBytes(read.readerIndex(), bytes, size, more);
    size += more;
  }

  /** Forgets the bytes before {@code rest}, which have been given to a batch with the array. */
  void leave(int rest) {
    bytes = rest == size ? NOTHING : Arrays.copyOfRange(bytes, rest, size + 1);
    size -= rest;
  }

  /** Forgets the bytes before {@code rest}, which nobody wants. */
  void drop(int rest) {
    if (rest == size) {
      bytes = NOTHING;
    } else if (rest > 0) {
      System.arraycopy(bytes, rest, bytes, 0, size - rest);
    }
    size -= rest;
  }
}

package io.sluice.codec;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/**
 * Collects the chunks of a body into one array, up to a limit, ready to be split.
 *
 * <p>It grows with what arrives, never on the word of a sender, and keeps a byte to spare at the
 * end for {@link Splitter}. Confined to one thread.
 */
public final class Region implements Inflation.Output {
  private static final int LEAST = 256;

  /** How many times what has come an array may be where it is known how much will come. */
  private static final int AHEAD = 8;

  private final long expected;
  private final int max;
  private byte[] bytes = {};
  private int size;

  /**
   * @param expected how many bytes will probably come, or -1; arrays are not made larger than that
   *     without need
   * @param max how many bytes may come
   */
  public Region(long expected, int max) {
    this.expected = expected;
    this.max = max;
  }

  /** How many bytes are in. */
  public int size() {
    return size;
  }

  /**
   * Adds a chunk.
   *
   * @return whether it fits; if not, nothing of it is in
   */
  public boolean append(Buffer chunk) {
    int length = chunk.length();
    if (!fits(length)) {
      return false;
    }
    chunk.getBytes(0, length, bytes, size);
    size += length;
    return true;
  }

  @Override
  public boolean append(byte[] from, int offset, int length) {
    if (!fits(length)) {
      return false;
    }
    System.arraycopy(from, offset, bytes, size, length);
    size += length;
    return true;
  }

  /**
   * Gives the array away, with the body in its first {@link #size()} bytes and at least one to
   * spare behind them; the region has no bytes any more.
   */
  public byte[] release() {
    // A batch counts its bytes against credit, so what it holds beside them must not be much.
    boolean loose = bytes.length - size > 64 + size / 4;
    byte[] released = loose || bytes.length == size ? Arrays.copyOf(bytes, size + 1) : bytes;
    bytes = new byte[0];
    size = 0;
    return released;
  }

  private boolean fits(int length) {
    if (length > max - size) {
      return false;
    }
    int needed = size + length + 1;
    if (needed > bytes.length) {
      long room =
          expected >= size + length
              ? Math.min(expected + 1, Math.max(LEAST, (long) AHEAD * needed))
              : Math.max(Math.max(LEAST, needed), 2L * bytes.length);
      bytes = Arrays.copyOf(bytes, (int) Math.min(room, max + 1L));
    }
    return true;
  }
}

package io.sluice.source.websocket;

import io.sluice.codec.Utf8Stream;
import io.vertx.core.buffer.Buffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The messages of one connection that came and were not taken yet: whole ones, and at the end the
 * one that is still coming. They lie in one array, each with a byte behind it for a line feed, so
 * that a batch is made of them without copying. Confined to the connection's loop.
 */
final class Inbox {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final byte[] NO_BYTES = {};
  private static final int[] NO_BOUNDS = {};
  private static final int LEAST = 64;

  private final Utf8Stream utf8 = new Utf8Stream();
  private byte[] bytes = NO_BYTES;
  private int size;
  private int[] bounds = NO_BOUNDS;
  private int messages;

  /** Which of the whole messages are binary. */
  private final BitSet binary = new BitSet(1);

  private boolean text = true;
  private int start;
  private boolean coming;

  /** Whole messages of one kind. */
  static final class Messages {
    private final boolean text;
    private final byte[] region;
    private final int[] bounds;

    private Messages(boolean text, byte[] region, int[] bounds) {
      this.text = text;
      this.region = region;
      this.bounds = bounds;
    }

    boolean text() {
      return text;
    }

    /** Their bytes, given away; one is to spare behind each message. */
    byte[] region() {
      return region;
    }

    /** Start and end of each message, alternating. */
    int[] bounds() {
      return bounds;
    }
  }

  /** Takes note that a message begins. */
  void begin(boolean isText) {
    text = isText;
    coming = true;
    start = size;
    utf8.clear();
  }

  /**
   * Adds a part of the message that is coming.
   *
   * @param mask the frame's masking key
   * @param phase how many bytes of the frame came before
   * @return false when a text is not UTF-8
   */
  boolean append(Buffer in, int from, int to, int mask, int phase) {
    int end = size + to - from;
    if (end + 1 > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.max(end + 1, LEAST), bytes.length + size / 2));
    }
    in.getBytes(from, to, bytes, size);
    if (mask != 0) {
      unmask(bytes, size, end, Integer.rotateLeft(mask, 8 * (phase & 3)));
    }
    int at = size;
    size = end;
    return !text || utf8.check(bytes, at, end);
  }

  private static void unmask(byte[] bytes, int at, int to, int mask) {
    long twice = (mask & 0xFFFFFFFFL) << 32 | (mask & 0xFFFFFFFFL);
    while (at <= to - 8) {
      LONGS.set(bytes, at, (long) LONGS.get(bytes, at) ^ twice);
      at += 8;
    }
    for (int shift = 24; at < to; shift = (shift - 8) & 31) {
      bytes[at++] ^= (byte) (mask >>> shift);
    }
  }

  /**
   * Takes note that the message is whole.
   *
   * @return false when a text ends in the middle of a character
   */
  boolean end() {
    if (text && !utf8.whole()) {
      return false;
    }
    coming = false;
    if (2 * messages == bounds.length) {
      bounds = Arrays.copyOf(bounds, messages == 0 ? 2 : Math.max(16, 4 * messages));
    }
    bounds[2 * messages] = start;
    bounds[2 * messages + 1] = size;
    binary.set(messages++, !text);
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, size + 1);
    }
    bytes[size++] = '\n';
    return true;
  }

  /** Bytes of the message that is coming. */
  int comingBytes() {
    return coming ? size - start : 0;
  }

  boolean isComing() {
    return coming;
  }

  int bytes() {
    return size;
  }

  /** How many messages are whole. */
  int whole() {
    return messages;
  }

  /** Takes the first whole messages, as far as they are of one kind; there is at least one. */
  Messages take() {
    boolean texts = !binary.get(0);
    int change = texts ? binary.nextSetBit(0) : binary.nextClearBit(0);
    int count = change < 0 ? messages : Math.min(change, messages);
    int end = bounds[2 * count - 1] + 1;
    byte[] region = cut(end);
    int[] exact = bounds.length == 2 * count ? bounds : Arrays.copyOf(bounds, 2 * count);
    keep(count, end);
    return new Messages(texts, region, exact);
  }

  /** The array up to {@code end}, itself where little of it is wasted: it counts against credit. */
  private byte[] cut(int end) {
    boolean loose = bytes.length - end > 64 + end / 4;
    return loose || size > end ? Arrays.copyOf(bytes, end) : bytes;
  }

  private void keep(int count, int end) {
    bytes = size > end ? Arrays.copyOfRange(bytes, end, size) : NO_BYTES;
    size -= end;
    start -= end;
    messages -= count;
    bounds =
        messages == 0 ? NO_BOUNDS : Arrays.copyOfRange(bounds, 2 * count, 2 * (count + messages));
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] -= end;
    }
    for (int i = 0; i < messages; i++) {
      binary.set(i, binary.get(i + count));
    }
  }

  /** Forgets everything. */
  void clear() {
    bytes = NO_BYTES;
    bounds = NO_BOUNDS;
    size = 0;
    start = 0;
    messages = 0;
    coming = false;
  }
}

package io.sluice.codec;

/** Records behind a length of a fixed number of bytes. */
final class LengthFraming implements Framing {
  private final int bytes;
  private final boolean bigEndian;
  private final int max;
  private long skip;

  LengthFraming(int bytes, boolean bigEndian, int max) {
    this.bytes = bytes;
    this.bigEndian = bigEndian;
    this.max = max;
  }

  @Override
  public int find(byte[] in, int from, int to, Found found) {
    int at = skipped(from, to);
    while (to - at >= bytes) {
      long length = length(in, at);
      if (length <= 0 || length > max) {
        boolean on = found.bad(BadFrame.BAD_LENGTH);
        // Nobody sends a record that long: it is no length at all, and so is nothing behind it.
        if (!on || length < 0 || length > Integer.MAX_VALUE) {
          return -1;
        }
        skip = length;
        at = skipped(at + bytes, to);
        continue;
      }
      int start = at + bytes;
      if (to - start < length) {
        return at;
      }
      at = start + (int) length;
      found.record(start, at);
    }
    return at;
  }

  private int skipped(int at, int to) {
    int step = (int) Math.min(skip, to - at);
    skip -= step;
    return at + step;
  }

  /** Negative when it needs all 64 bits. */
  private long length(byte[] in, int at) {
    long length = 0;
    for (int i = 0; i < bytes; i++) {
      length = length << 8 | (in[bigEndian ? at + i : at + bytes - 1 - i] & 0xFF);
    }
    return length;
  }

  @Override
  public boolean skipping() {
    return skip > 0;
  }
}

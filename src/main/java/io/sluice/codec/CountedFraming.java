package io.sluice.codec;

/** Records behind their length in decimal digits and a space. */
final class CountedFraming implements Framing {
  /** Of the largest count that is passed over. */
  private static final int MAX_DIGITS = 9;

  private final int max;
  private long skip;

  CountedFraming(int max) {
    this.max = max;
  }

  @Override
  public int find(byte[] in, int from, int to, Found found) {
    int at = skipped(from, to);
    while (at < to) {
      if (in[at] < '1' || in[at] > '9') {
        found.bad(in[at] == '<' ? BadFrame.MIXED_FRAMING : BadFrame.BAD_LENGTH);
        return -1;
      }
      long length = 0;
      int end = at;
      while (end < to && end - at <= MAX_DIGITS && in[end] >= '0' && in[end] <= '9') {
        length = length * 10 + (in[end++] - '0');
      }
      if (end == to && end - at <= MAX_DIGITS) {
        return at;
      }
      if (end - at > MAX_DIGITS || in[end] != ' ') {
        found.bad(BadFrame.BAD_LENGTH);
        return -1;
      }
      int start = end + 1;
      if (length > max) {
        if (!found.bad(BadFrame.BAD_LENGTH)) {
          return -1;
        }
        skip = length;
        at = skipped(start, to);
      } else if (to - start < length) {
        return at;
      } else {
        at = start + (int) length;
        found.record(start, at);
      }
    }
    return at;
  }

  private int skipped(int at, int to) {
    int step = (int) Math.min(skip, to - at);
    skip -= step;
    return at + step;
  }

  @Override
  public boolean skipping() {
    return skip > 0;
  }
}

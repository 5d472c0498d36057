package io.sluice.codec;

/** Records that end with a line feed. */
final class LineFraming implements Framing {
  private final int max;

  /** Bytes of the unfinished record that are known to hold no line feed. */
  private int seen;

  private boolean skipping;

  LineFraming(int max) {
    this.max = max;
  }

  @Override
  public int find(byte[] in, int from, int to, Found found) {
    int start = from;
    int feed = Words.lineFeed(in, from + seen, to);
    seen = 0;
    while (feed < to) {
      int end = feed > start && in[feed - 1] == '\r' ? feed - 1 : feed;
      if (skipping) {
        skipping = false;
      } else if (end - start > max) {
        if (!found.bad(BadFrame.TOO_LONG)) {
          return -1;
        }
      } else if (end > start) {
        found.record(start, end);
      }
      start = feed + 1;
      feed = Words.lineFeed(in, start, to);
    }
    // A carriage return at the end may belong to the line's end.
    if (!skipping && to - start > max + 1) {
      if (!found.bad(BadFrame.TOO_LONG)) {
        return -1;
      }
      skipping = true;
    }
    if (skipping) {
      return to;
    }
    seen = to - start;
    return start;
  }

  @Override
  public boolean skipping() {
    return skipping;
  }
}

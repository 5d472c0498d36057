package io.sluice.codec;

/**
 * Checks that bytes are UTF-8 as they come, however they are cut, and notices a fault at its first
 * byte (RFC 3629; table 3-7 of the Unicode standard). Used by one thread.
 */
public final class Utf8Stream {
  private static final int LEAST = 0x80;
  private static final int MOST = 0xBF;

  /** Bytes that the character begun still needs, and between which values the next one lies. */
  private int missing;

  private int least = LEAST;
  private int most = MOST;

  /** Whether the bytes between {@code at} and {@code to} go on as UTF-8. */
  public boolean check(byte[] in, int at, int to) {
    while (at < to) {
      if (missing == 0) {
        at = ascii(in, at, to);
        if (at < to && !lead(in[at++] & 0xFF)) {
          return false;
        }
      } else {
        int next = in[at++] & 0xFF;
        if (next < least || next > most) {
          return false;
        }
        missing--;
        least = LEAST;
        most = MOST;
      }
    }
    return true;
  }

  /** Whether what was checked so far ends with a whole character. */
  public boolean whole() {
    return missing == 0;
  }

  /** Begins anew. */
  public void clear() {
    missing = 0;
    least = LEAST;
    most = MOST;
  }

  private static int ascii(byte[] in, int at, int to) {
    while (at <= to - 8) {
      long high = Words.at(in, at) & Words.HIGHS;
      if (high != 0) {
        return at + Words.lowest(high);
      }
      at += 8;
    }
    while (at < to && in[at] >= 0) {
      at++;
    }
    return at;
  }

  private boolean lead(int lead) {
    if (lead < 0xC2 || lead > 0xF4) {
      return false;
    }
    missing = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    if (lead == 0xE0) {
      least = 0xA0;
    } else if (lead == 0xED) {
      most = 0x9F;
    } else if (lead == 0xF0) {
      least = 0x90;
    } else if (lead == 0xF4) {
      most = 0x8F;
    }
    return true;
  }
}

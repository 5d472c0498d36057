package io.sluice.codec;

/** UTF-8 as RFC 3629 and table 3-7 of the Unicode standard have it. */
final class Utf8 {
  private Utf8() {}

  /**
   * How many bytes the character at {@code at} has, which starts with a byte over 0x7F; 0 when it
   * is none, or not whole before {@code to}.
   */
  static int size(byte[] in, int at, int to) {
    int lead = in[at] & 0xFF;
    int least = 0x80;
    int most = 0xBF;
    int size;
    if (lead < 0xC2) {
      return 0;
    } else if (lead < 0xE0) {
      size = 2;
    } else if (lead < 0xF0) {
      size = 3;
      least = lead == 0xE0 ? 0xA0 : 0x80;
      most = lead == 0xED ? 0x9F : 0xBF;
    } else if (lead < 0xF5) {
      size = 4;
      least = lead == 0xF0 ? 0x90 : 0x80;
      most = lead == 0xF4 ? 0x8F : 0xBF;
    } else {
      return 0;
    }
    if (at + size > to) {
      return 0;
    }
    int second = in[at + 1] & 0xFF;
    if (second < least || second > most) {
      return 0;
    }
    for (int i = 2; i < size; i++) {
      if ((in[at + i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return size;
  }

  /** Whether all bytes from {@code at} to {@code to} are UTF-8, without NUL. */
  static boolean text(byte[] in, int at, int to) {
    while (at < to) {
      if (at <= to - 8) {
        long word = Words.at(in, at);
        if (((word | Words.zeros(word)) & Words.HIGHS) == 0) {
          at += 8;
          continue;
        }
      }
      int size = in[at] > 0 ? 1 : in[at] == 0 ? 0 : size(in, at, to);
      if (size <= 0) {
        return false;
      }
      at += size;
    }
    return true;
  }
}

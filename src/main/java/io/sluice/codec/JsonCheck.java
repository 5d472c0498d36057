package io.sluice.codec;

/**
 * Checks that bytes are a JSON value, strictly as RFC 8259 and RFC 3629 say, and finds its end.
 *
 * <p>Written by hand because every event passes here: it takes a fraction of a tokenizer's time,
 * and sees what jackson-core lets pass (lone surrogates, encoded surrogates, overlong forms)
 * without telling faults apart by the texts of exceptions.
 *
 * <p>Holds the state of one check; used by one thread at a time. It never writes to the bytes.
 */
final class JsonCheck {
  static final int MAX_DIGITS = 1000;

  private static final String SEPARATOR = "a comma or the closing bracket is expected";

  private final byte[] in;
  private final byte[] closers;
  private final boolean byLine;

  private Flaw flaw = Flaw.EMPTY;
  private String detail = "";
  private int offset;
  private boolean flawed;
  private boolean fed;
  private boolean lineFeeds;

  /**
   * @param byLine whether a line feed ends the text, instead of being white space
   */
  JsonCheck(byte[] in, int maxDepth, boolean byLine) {
    this.in = in;
    this.closers = new byte[maxDepth];
    this.byLine = byLine;
  }

  /** What is wrong, once {@link #value} found something. */
  Flaw flaw() {
    return flaw;
  }

  String detail() {
    return detail;
  }

  /** Where in the bytes it is wrong. */
  int offset() {
    return offset;
  }

  /**
   * Whether the last value is not to be taken. When its end was found all the same, what follows
   * can still be read.
   */
  boolean flawed() {
    return flawed;
  }

  /** Whether the last value has line feeds between its tokens. */
  boolean lineFeeds() {
    return lineFeeds;
  }

  /** The first byte from {@code at} that is not white space, or {@code to}. */
  int space(int at, int to) {
    while (at < to) {
      byte c = in[at];
      if (c > ' ' || c < 0) {
        return at;
      }
      if (c == '\n') {
        if (byLine) {
          return at;
        }
        fed = true;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return at;
      }
      at++;
    }
    return at;
  }

  /**
   * Checks the value that starts at {@code at}.
   *
   * @return behind its last byte, or -1 when it has no end
   */
  int value(int at, int to) {
    flawed = false;
    fed = false;
    int depth = 0;
    while (true) {
      if (at >= to) {
        return incomplete(to);
      }
      byte c = in[at];
      if (c == '"') {
        at = string(at + 1, to);
      } else if (c == '{' || c == '[') {
        if (depth == closers.length) {
          return fail(Flaw.TOO_DEEP, at, "deeper than allowed");
        }
        byte closer = (byte) (c + 2);
        closers[depth++] = closer;
        at = space(at + 1, to);
        if (at >= to || in[at] != closer) {
          if (c == '{') {
            at = name(at, to);
            if (at < 0) {
              return -1;
            }
          }
          continue;
        }
        depth--;
        at++;
      } else if (c == '-' || (c >= '0' && c <= '9')) {
        at = number(at, to);
      } else if (c == 't') {
        at = word("true", at, to);
      } else if (c == 'f') {
        at = word("false", at, to);
      } else if (c == 'n') {
        at = word("null", at, to);
      } else {
        return notFinite(at, to) ? -1 : misplaced(at, to, "a value is expected");
      }
      if (at < 0) {
        return -1;
      }
      boolean comma = false;
      while (depth > 0 && !comma) {
        at = space(at, to);
        if (at >= to) {
          return incomplete(to);
        }
        byte closer = closers[depth - 1];
        c = in[at];
        if (c == closer) {
          depth--;
          at++;
        } else if (c == ',') {
          comma = true;
          at = space(at + 1, to);
          if (closer == '}') {
            at = name(at, to);
            if (at < 0) {
              return -1;
            }
          }
        } else {
          return misplaced(at, to, SEPARATOR);
        }
      }
      if (!comma) {
        lineFeeds = fed;
        return at;
      }
    }
  }

  /** A member's name and its colon; returns where its value starts. */
  private int name(int at, int to) {
    if (at >= to) {
      return incomplete(to);
    }
    if (in[at] != '"') {
      return misplaced(at, to, "a name in quotes is expected");
    }
    at = string(at + 1, to);
    if (at < 0) {
      return -1;
    }
    at = space(at, to);
    if (at >= to) {
      return incomplete(to);
    }
    return in[at] == ':' ? space(at + 1, to) : misplaced(at, to, "a colon is expected");
  }

  /** The rest of a string; eight bytes a step while there is nothing special among them. */
  private int string(int at, int to) {
    while (true) {
      while (at <= to - 8) {
        long word = Words.at(in, at);
        // Each term has the high bit of the lowest byte that is special, and maybe of some above
        // it.
        long special =
            (word & Words.HIGHS)
                | ((word - Words.ONES * ' ') & Words.HIGHS)
                | Words.zeros(word ^ (Words.ONES * '"'))
                | Words.zeros(word ^ (Words.ONES * '\\'));
        if (special != 0) {
          at += Words.lowest(special);
          break;
        }
        at += 8;
      }
      if (at >= to) {
        return incomplete(to);
      }
      byte c = in[at];
      if (c == '"') {
        return at + 1;
      } else if (c == '\\') {
        at = escape(at, to);
      } else if (c < 0) {
        at = multibyte(at, to);
      } else if (c < ' ') {
        return c == '\n' && byLine
            ? incomplete(at)
            : fail(Flaw.CONTROL_CHARACTER, at, "control characters in strings must be escaped");
      } else {
        at++;
      }
      if (at < 0) {
        return -1;
      }
    }
  }

  private int escape(int at, int to) {
    if (at + 1 >= to) {
      return incomplete(to);
    }
    return switch (in[at + 1]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 2;
      case 'u' -> unicode(at, to);
      default -> unexpected(at + 1, to, "no such escape");
    };
  }

  /** The escape that starts at {@code at} with its other half, if it is a surrogate. */
  private int unicode(int at, int to) {
    int unit = unit(at + 2, to);
    if (unit < 0) {
      return -1;
    }
    if (unit < Character.MIN_SURROGATE || unit > Character.MAX_SURROGATE) {
      return at + 6;
    }
    if (unit <= Character.MAX_HIGH_SURROGATE
        && at + 7 < to
        && in[at + 6] == '\\'
        && in[at + 7] == 'u') {
      int low = unit(at + 8, to);
      if (low < 0) {
        return -1;
      }
      if (low >= Character.MIN_LOW_SURROGATE && low <= Character.MAX_LOW_SURROGATE) {
        return at + 12;
      }
    }
    note(Flaw.LONE_SURROGATE, at, "a surrogate escape stands without its other half");
    return at + 6;
  }

  /** The four digits of an escape, or -1. */
  private int unit(int at, int to) {
    int unit = 0;
    for (int end = at + 4; at < end; at++) {
      if (at >= to) {
        return incomplete(to);
      }
      int digit = in[at] < 0 ? -1 : Character.digit(in[at], 16);
      if (digit < 0) {
        return unexpected(at, to, "four hexadecimal digits are expected");
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }

  /** One character of several bytes, by table 3-7 of the Unicode standard. */
  private int multibyte(int at, int to) {
    int size = Utf8.size(in, at, to);
    return size > 0 ? at + size : fail(Flaw.INVALID_UTF8, at, "not UTF-8");
  }

  private int number(int at, int to) {
    int start = at;
    if (in[at] == '-') {
      at++;
    }
    int digits = 0;
    if (at < to && in[at] == '0') {
      at++;
      digits++;
      if (at < to && in[at] >= '0' && in[at] <= '9') {
        return fail(Flaw.INVALID_JSON, at, "a number has no leading zeros");
      }
    } else if (notFinite(at, to)) {
      return -1;
    } else {
      int end = digits(at, to);
      if (end < 0) {
        return -1;
      }
      digits += end - at;
      at = end;
    }
    if (at < to && in[at] == '.') {
      int end = digits(at + 1, to);
      if (end < 0) {
        return -1;
      }
      digits += end - at - 1;
      at = end;
    }
    if (at < to && (in[at] | 0x20) == 'e') {
      at++;
      if (at < to && (in[at] == '+' || in[at] == '-')) {
        at++;
      }
      int end = digits(at, to);
      if (end < 0) {
        return -1;
      }
      digits += end - at;
      at = end;
    }
    if (digits > MAX_DIGITS) {
      note(Flaw.NUMBER_TOO_LONG, start, "a number of more than " + MAX_DIGITS + " digits");
    }
    return at;
  }

  /** Behind the digits that stand at {@code at}, at least one. */
  private int digits(int at, int to) {
    int end = at;
    while (end < to && in[end] >= '0' && in[end] <= '9') {
      end++;
    }
    if (end > at) {
      return end;
    }
    return at >= to ? incomplete(to) : unexpected(at, to, "a digit is expected");
  }

  private int word(String word, int at, int to) {
    for (int i = 1; i < word.length(); i++) {
      if (at + i >= to) {
        return incomplete(to);
      }
      if (in[at + i] != word.charAt(i)) {
        return unexpected(at + i, to, "a value is expected");
      }
    }
    return at + word.length();
  }

  /** Says what a byte is that may not stand here. */
  private int unexpected(int at, int to, String expected) {
    byte c = in[at];
    if (c == '\n' && byLine) {
      return incomplete(at);
    }
    if (c < 0) {
      if (to - at >= 3
          && c == (byte) 0xEF
          && in[at + 1] == (byte) 0xBB
          && in[at + 2] == (byte) 0xBF) {
        return fail(Flaw.BYTE_ORDER_MARK, at, "a byte order mark may not stand in JSON");
      }
      if (Utf8.size(in, at, to) <= 0) {
        return fail(Flaw.INVALID_UTF8, at, "not UTF-8");
      }
    }
    return fail(Flaw.INVALID_JSON, at, expected);
  }

  /** Says what a byte is that may not stand here, between two tokens. */
  private int misplaced(int at, int to, String expected) {
    return in[at] == '/' && at + 1 < to && (in[at + 1] == '/' || in[at + 1] == '*')
        ? fail(Flaw.COMMENT, at, "comments may not stand in JSON")
        : unexpected(at, to, expected);
  }

  private boolean notFinite(int at, int to) {
    boolean is =
        at + 1 < to
            && ((in[at] == 'N' && in[at + 1] == 'a') || (in[at] == 'I' && in[at + 1] == 'n'));
    if (is) {
      fail(Flaw.NOT_FINITE, at, "NaN and infinities are no JSON numbers");
    }
    return is;
  }

  /** Says what a byte is that stands behind the last value, where none may. */
  void trailing(int at, int to) {
    flawed = false;
    if (misplaced(at, to, "") < 0 && flaw == Flaw.INVALID_JSON) {
      flaw = Flaw.TRAILING_TEXT;
      detail = "more text behind the value";
    }
  }

  /** Says what stands behind an element, where a comma or the end of the array should. */
  void unseparated(int at, int to) {
    flawed = false;
    if (at < to) {
      misplaced(at, to, SEPARATOR);
    } else {
      incomplete(at);
    }
  }

  private int incomplete(int at) {
    return fail(Flaw.INCOMPLETE_JSON, at, "the value is not complete");
  }

  private int fail(Flaw what, int at, String why) {
    note(what, at, why);
    return -1;
  }

  /** Keeps the first thing that is wrong. */
  private void note(Flaw what, int at, String why) {
    if (!flawed) {
      flawed = true;
      flaw = what;
      offset = at;
      detail = why;
    }
  }
}

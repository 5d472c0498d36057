package io.sluice.codec;

import org.jspecify.annotations.Nullable;

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

  private final byte[] in;
  private final byte[] closers;
  private final boolean byLine;

  private final JsonFlaws flaws;
  private final @Nullable JsonKeys keys;

  private boolean fed;
  private boolean lineFeeds;

  /**
   * A check that lets objects have a key twice.
   *
   * @param byLine whether a line feed ends the text, instead of being white space
   */
  JsonCheck(byte[] in, int maxDepth, boolean byLine) {
    this(in, maxDepth, byLine, false);
  }

  /**
   * A check.
   *
   * @param byLine whether a line feed ends the text, instead of being white space
   * @param distinct whether no object may have a key twice
   */
  JsonCheck(byte[] in, int maxDepth, boolean byLine, boolean distinct) {
    this.keys = distinct ? new JsonKeys(in, maxDepth) : null;
    this.in = in;
    this.closers = new byte[maxDepth];
    this.byLine = byLine;
    this.flaws = new JsonFlaws(in, byLine);
  }

  /** What is wrong with the last value, if anything. */
  JsonFlaws flaws() {
    return flaws;
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
    int end = grammar(at, to);
    if (keys != null && end >= 0 && !flaws.flawed()) {
      int repeated = keys.repeated(at, end);
      if (repeated >= 0) {
        flaws.note(Flaw.DUPLICATE_KEY, repeated, "an object has a key twice");
      }
    }
    return end;
  }

  private int grammar(int at, int to) {
    flaws.clear();
    fed = false;
    int depth = 0;
    while (true) {
      if (at >= to) {
        return flaws.incomplete(to);
      }
      byte c = in[at];
      if (c == '"') {
        at = string(at + 1, to);
      } else if (c == '{' || c == '[') {
        if (depth == closers.length) {
          return flaws.fail(Flaw.TOO_DEEP, at, "deeper than allowed");
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
        return flaws.notFinite(at, to) ? -1 : flaws.misplaced(at, to, "a value is expected");
      }
      if (at < 0) {
        return -1;
      }
      boolean comma = false;
      while (depth > 0 && !comma) {
        at = space(at, to);
        if (at >= to) {
          return flaws.incomplete(to);
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
          return flaws.misplaced(at, to, JsonFlaws.SEPARATOR);
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
      return flaws.incomplete(to);
    }
    if (in[at] != '"') {
      return flaws.misplaced(at, to, "a name in quotes is expected");
    }
    at = string(at + 1, to);
    if (at < 0) {
      return -1;
    }
    at = space(at, to);
    if (at >= to) {
      return flaws.incomplete(to);
    }
    return in[at] == ':' ? space(at + 1, to) : flaws.misplaced(at, to, "a colon is expected");
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
        return flaws.incomplete(to);
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
            ? flaws.incomplete(at)
            : flaws.fail(
                Flaw.CONTROL_CHARACTER, at, "control characters in strings must be escaped");
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
      return flaws.incomplete(to);
    }
    return switch (in[at + 1]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at + 2;
      case 'u' -> unicode(at, to);
      default -> flaws.unexpected(at + 1, to, "no such escape");
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
    flaws.note(Flaw.LONE_SURROGATE, at, "a surrogate escape stands without its other half");
    return at + 6;
  }

  /** The four digits of an escape, or -1. */
  private int unit(int at, int to) {
    int unit = 0;
    for (int end = at + 4; at < end; at++) {
      if (at >= to) {
        return flaws.incomplete(to);
      }
      int digit = in[at] < 0 ? -1 : Character.digit(in[at], 16);
      if (digit < 0) {
        return flaws.unexpected(at, to, "four hexadecimal digits are expected");
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }

  /** One character of several bytes, by table 3-7 of the Unicode standard. */
  private int multibyte(int at, int to) {
    int size = Utf8.size(in, at, to);
    return size > 0 ? at + size : flaws.fail(Flaw.INVALID_UTF8, at, "not UTF-8");
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
        return flaws.fail(Flaw.INVALID_JSON, at, "a number has no leading zeros");
      }
    } else if (flaws.notFinite(at, to)) {
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
      flaws.note(Flaw.NUMBER_TOO_LONG, start, "a number of more than " + MAX_DIGITS + " digits");
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
    return at >= to ? flaws.incomplete(to) : flaws.unexpected(at, to, "a digit is expected");
  }

  private int word(String word, int at, int to) {
    for (int i = 1; i < word.length(); i++) {
      if (at + i >= to) {
        return flaws.incomplete(to);
      }
      if (in[at + i] != word.charAt(i)) {
        return flaws.unexpected(at + i, to, "a value is expected");
      }
    }
    return at + word.length();
  }
}

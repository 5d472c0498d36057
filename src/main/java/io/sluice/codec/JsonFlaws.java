package io.sluice.codec;

/** Names what is wrong with a JSON value where it leaves the grammar; the first flaw holds. */
final class JsonFlaws {
  static final String SEPARATOR = "a comma or the closing bracket is expected";

  private final byte[] in;
  private final boolean byLine;

  private Flaw flaw = Flaw.EMPTY;
  private String detail = "";
  private int offset;
  private boolean flawed;

  JsonFlaws(byte[] in, boolean byLine) {
    this.in = in;
    this.byLine = byLine;
  }

  /** Forgets what was found in the value before. */
  void clear() {
    flawed = false;
  }

  /** What is wrong, once {@link #flawed}. */
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

  /** Says what a byte is that may not stand here. */
  int unexpected(int at, int to, String expected) {
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
  int misplaced(int at, int to, String expected) {
    return in[at] == '/' && at + 1 < to && (in[at + 1] == '/' || in[at + 1] == '*')
        ? fail(Flaw.COMMENT, at, "comments may not stand in JSON")
        : unexpected(at, to, expected);
  }

  boolean notFinite(int at, int to) {
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
    clear();
    if (misplaced(at, to, "") < 0 && flaw == Flaw.INVALID_JSON) {
      flaw = Flaw.TRAILING_TEXT;
      detail = "more text behind the value";
    }
  }

  /** Says what stands behind an element, where a comma or the end of the array should. */
  void unseparated(int at, int to) {
    clear();
    if (at < to) {
      misplaced(at, to, SEPARATOR);
    } else {
      incomplete(at);
    }
  }

  /** Says that the text ends at {@code at}, before the value does. */
  int incomplete(int at) {
    return fail(Flaw.INCOMPLETE_JSON, at, "the value is not complete");
  }

  /** Keeps a flaw behind which the value cannot be read on: -1. */
  int fail(Flaw what, int at, String why) {
    note(what, at, why);
    return -1;
  }

  /** Keeps a flaw, unless there is one before it. */
  void note(Flaw what, int at, String why) {
    if (!flawed) {
      flawed = true;
      flaw = what;
      offset = at;
      detail = why;
    }
  }
}

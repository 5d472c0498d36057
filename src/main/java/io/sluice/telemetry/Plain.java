package io.sluice.telemetry;

/**
 * Makes text harmless in a log: no character of it can end a line, move the cursor, colour a
 * terminal or reorder what stands beside it, and none of it is endless.
 */
final class Plain {
  /** The most characters of one field that are shown. */
  static final int LONGEST = 2048;

  private Plain() {}

  /**
   * Appends {@code text}, cut to {@code longest} characters and with a note of how many were left
   * out. What is not plain is written as JSON would: {@code \n}, {@code \u0085}.
   *
   * @param quoted whether it stands in quotes, so that quotes and backslashes are escaped as well
   */
  static void append(StringBuilder to, String text, int longest, boolean quoted) {
    int end = Math.min(text.length(), longest);
    if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 0x7f) {
        if (quoted && (c == '"' || c == '\\')) {
          to.append('\\');
        }
        to.append(c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < end
          && Character.isLowSurrogate(text.charAt(i + 1))
          && isHarmless(Character.codePointAt(text, i))) {
        to.append(c).append(text.charAt(++i));
      } else if (isHarmless(c)) {
        to.append(c);
      } else {
        escape(to, c);
      }
    }
    if (end < text.length()) {
      to.append("... (").append(text.length() - end).append(" more)");
    }
  }

  private static boolean isHarmless(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL, // C0, delete, C1
          Character.FORMAT, // direction overrides, zero-width, byte order mark
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE, // without its other half
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  private static void escape(StringBuilder to, char c) {
    switch (c) {
      case '\n' -> to.append("\\n");
      case '\r' -> to.append("\\r");
      case '\t' -> to.append("\\t");
      default -> {
        to.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          to.append(Character.forDigit(c >> shift & 0xf, 16));
        }
      }
    }
  }
}

package io.sluice.source.poll.http;

import java.util.regex.Pattern;

/** What may stand in the header of a request (RFC 9110 section 5). */
final class HeaderText {
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e\\t]*");

  private HeaderText() {}

  static boolean name(String text) {
    return NAME.matcher(text).matches();
  }

  /** Whether a value is visible ASCII: nothing that could end the line, or be read as two ways. */
  static boolean value(String text) {
    return VALUE.matcher(text).matches();
  }
}

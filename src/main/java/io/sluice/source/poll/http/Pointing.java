package io.sluice.source.poll.http;

import io.sluice.config.Text;

/**
 * Where a value is in JSON.
 *
 * @param pointer RFC 6901; begins with a slash
 */
@Text(what = "a JSON pointer like /updatedAt", pattern = "^/.*$")
public record Pointing(String pointer) {
  /**
   * Reads a pointer.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Pointing parse(String text) {
    check(text);
    return new Pointing(text);
  }

  static void check(String text) {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException("must be a JSON pointer like /updatedAt");
    }
    if (text.matches(".*~([^01].*)?$")) {
      throw new IllegalArgumentException("in a JSON pointer, ~ is written ~0 and / in a name ~1");
    }
  }
}

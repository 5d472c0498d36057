package io.sluice.source.poll.http;

import io.sluice.config.Text;

/**
 * Where the records of an answer are.
 *
 * @param text {@code lines}, or a JSON pointer (RFC 6901) to an array of them or to one
 */
@Text(what = "a JSON pointer like /items, or `lines`", pattern = "^(lines|/.*)$")
public record RecordsAt(String text) {
  private static final String LINES = "lines";

  /**
   * Reads what the operator wrote.
   *
   * @throws IllegalArgumentException when it is neither form
   */
  public static RecordsAt parse(String text) {
    if (!text.equals(LINES)) {
      Pointing.check(text);
    }
    return new RecordsAt(text);
  }

  boolean lines() {
    return text.equals(LINES);
  }
}

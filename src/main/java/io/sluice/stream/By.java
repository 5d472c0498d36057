package io.sluice.stream;

import io.sluice.config.Text;

/**
 * What tells that two events are the same.
 *
 * @param text {@code id} for the event's id as its sender gave it (CloudEvents' {@code id}), {@code
 *     key} for its key, or a JSON pointer (RFC 6901) into its payload
 */
@Text(what = "a JSON pointer like /id, or `id` or `key`", pattern = "^(id|key|/.*)$")
public record By(String text) {
  /**
   * Reads what the operator wrote.
   *
   * @throws IllegalArgumentException when it is none of the three forms
   */
  public static By parse(String text) {
    boolean pointer = text.startsWith("/");
    if (!pointer && !text.equals("id") && !text.equals("key")) {
      throw new IllegalArgumentException("must be a JSON pointer like /id, or `id` or `key`");
    }
    if (pointer && text.matches(".*~([^01].*)?$")) {
      throw new IllegalArgumentException("in a JSON pointer, ~ is written ~0 and / in a name ~1");
    }
    return new By(text);
  }
}

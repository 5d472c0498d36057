package io.sluice.codec;

import java.util.Locale;

/** What can be wrong with an event or the body it stands in. */
public enum Flaw {
  /** Not JSON by the grammar of RFC 8259, in none of the ways below. */
  INVALID_JSON,
  /** The value ends before it is whole. */
  INCOMPLETE_JSON,
  /** Not UTF-8: stray or missing continuation bytes, overlong forms, encoded surrogates. */
  INVALID_UTF8,
  /** Starts with a byte order mark, which RFC 8259 section 8.1 forbids. */
  BYTE_ORDER_MARK,
  /** A surrogate escape without its other half. */
  LONE_SURROGATE,
  /** A raw control character in a string. */
  CONTROL_CHARACTER,
  /** A number of more than {@value JsonCheck#MAX_DIGITS} digits. */
  NUMBER_TOO_LONG,
  /** NaN or an infinity. */
  NOT_FINITE,
  /** A comment. */
  COMMENT,
  /** An object has a key twice, where that is looked for. */
  DUPLICATE_KEY,
  /** Objects and arrays deeper in each other than allowed. */
  TOO_DEEP,
  /** More text behind the value. */
  TRAILING_TEXT,
  /** The event has more bytes than allowed. */
  TOO_LARGE,
  /** The body has more events than allowed. */
  TOO_MANY,
  /** A CloudEvent lacks an attribute that each has to have. */
  MISSING_ATTRIBUTE,
  /** Not a CloudEvent, in any other way. */
  INVALID_CLOUDEVENT,
  /** The records are not where they should be. */
  MISSING,
  /** No value where one has to be. */
  EMPTY;

  /** The {@code code} of a problem document: {@code invalid-json}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

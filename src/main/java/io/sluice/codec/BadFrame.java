package io.sluice.codec;

import java.util.Locale;

/** What can be wrong with a frame, or the record in it. */
public enum BadFrame {
  /** The record has no end within the bytes it may have. */
  TOO_LONG("The record is longer than allowed."),
  /** The length in front of the record is none, zero, or more than allowed. */
  BAD_LENGTH("The length is none, zero or more than allowed."),
  /** A record without a count, where records have counts (RFC 6587, section 3.4). */
  MIXED_FRAMING("The record has no count in front of it."),
  /** The record is not a CloudEvent. */
  INVALID_CLOUDEVENT("The record is not a CloudEvent in JSON."),
  /** The record is not JSON. */
  INVALID_JSON("The record is not JSON."),
  /** The record is not UTF-8, or has a NUL in it. */
  INVALID_TEXT("The record is not UTF-8 without NUL.");

  private final String detail;

  BadFrame(String detail) {
    this.detail = detail;
  }

  /** The code that clients are told, and the label of the metric: {@code too-long}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** One sentence for the client. */
  public String detail() {
    return detail;
  }
}

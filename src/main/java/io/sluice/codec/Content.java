package io.sluice.codec;

/** What a record has to be. */
public enum Content {
  /** Whatever comes. */
  ANY,
  /** UTF-8 without NUL. */
  TEXT,
  /** One JSON text (RFC 8259). */
  JSON,
  /** A CloudEvent as a JSON object. */
  CLOUDEVENT
}

package io.sluice.source.tcp;

/** How records that need not be JSON are looked at. */
public enum Charset {
  /** Not at all. */
  BYTES,
  /** They have to be UTF-8 without NUL. */
  STRICT
}

package io.sluice.source.tcp;

/** What happens when a frame, or the record in it, is no good. */
public enum OnBadFrame {
  /** The connection is told so and closed. */
  CLOSE,
  /** It is passed over, as far as its end can be found. */
  SKIP
}

package io.sluice.source.tcp;

/** What becomes of a line without an end when the client sends nothing more. */
public enum LastLine {
  /** It is dropped, and counted as incomplete. */
  DROP,
  /** It is taken like the others. */
  TAKE
}

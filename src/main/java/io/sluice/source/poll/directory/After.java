package io.sluice.source.poll.directory;

/** What becomes of a file whose events are all kept. */
public enum After {
  /** It stays. */
  KEEP,
  /** It goes to another directory. */
  MOVE,
  /** It goes away. */
  DELETE
}

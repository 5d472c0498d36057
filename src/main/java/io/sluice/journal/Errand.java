package io.sluice.journal;

/** What the writer wants of the keeper. */
enum Errand {
  /** A file to go on in. */
  SPARE,

  /** The room of segments that nobody needs any more. */
  RELEASE,

  /** The room that is set aside for cursors. */
  BALLAST,

  /** Nothing: what a memo waited for is forced. */
  MEMO
}

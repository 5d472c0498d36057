package io.sluice.source.http;

/** Where an exchange stands. */
enum Step {
  /** Stands in line for room; nothing of the body is read meanwhile. */
  ENTERING,
  /** Receives the body. */
  RECEIVING,
  /** Has the body, and is about to put its events. */
  SORTING,
  /** Waits for the receipt. */
  WAITING,
  /** Is answered; the client has not received all of it yet. */
  FLUSHING,
  OVER
}

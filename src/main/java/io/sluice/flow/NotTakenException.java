package io.sluice.flow;

/** Content that was offered did not reach the receiver, and never will. */
public final class NotTakenException extends RuntimeException {
  NotTakenException() {
    super("the receiver was replaced or is gone, and did not take it", null, false, false);
  }
}

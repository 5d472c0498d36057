package io.sluice.sink.file;

import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.vertx.core.Promise;

/** What the event loop asks of the sink's thread. */
sealed interface Work {
  /** Write a delivery; the era tells whether it was asked for before or after the last failure. */
  record Write(Delivery delivery, int era, Promise<Outcome> answer) implements Work {}

  /** Commit what is written. */
  record Commit() implements Work {}

  /** Commit, and close everything. */
  record Close(Promise<Void> answer) implements Work {}
}

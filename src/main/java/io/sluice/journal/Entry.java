package io.sluice.journal;

import io.sluice.event.Batch;
import io.sluice.event.Position;

/**
 * A batch read back.
 *
 * @param first the position of the batch's first event; others follow without a gap
 */
public record Entry(Position first, Batch batch) {
  /** The position behind its last event. */
  public Position next() {
    return first.plus(batch.size());
  }
}

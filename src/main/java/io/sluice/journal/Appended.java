package io.sluice.journal;

import io.sluice.event.Batch;
import io.sluice.event.Position;

/**
 * A batch that was given to {@link Journal#append}, with its place.
 *
 * @param first where its first event stands; where the journal stood when it was refused or failed
 * @param attachment what the appender gave along
 */
public record Appended(Position first, Batch batch, Object attachment) {
  /** The position behind its last event. */
  public Position next() {
    return first.plus(batch.size());
  }
}

package io.sluice.stream;

import io.sluice.event.Batch;
import io.sluice.event.Position;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a log has, and nobody decided on yet.
 *
 * @param ticket none for what an earlier run left
 * @param keys of its events; places counted within the batch
 */
record Waiting(Position first, Batch batch, @Nullable Ticket ticket, List<Claim.Keyed> keys) {
  /** Behind its last event. */
  Position next() {
    return first.plus(batch.size());
  }
}

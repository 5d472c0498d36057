package io.sluice.source.poll.directory;

import io.sluice.connector.Step;
import io.sluice.event.Batch;
import java.util.Optional;

/**
 * What one go at the files brought.
 *
 * @param batch empty when there was nothing to take yet
 * @param step what changes in the cursor with it
 * @param then how it goes on
 */
record Portion(Optional<Batch> batch, Step step, Then then) {
  /** How it goes on. */
  enum Then {
    /** There is more to do. */
    GO_ON,
    /** There is more, but it is somebody else's turn. */
    MORE,
    /** That was all. */
    ALL
  }
}

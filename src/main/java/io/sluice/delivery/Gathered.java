package io.sluice.delivery;

import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import java.util.List;

/**
 * A delivery made of parts of others.
 *
 * @param parts for each of its batches, whose it was
 */
record Gathered(Delivery delivery, List<Waiting> parts) {
  void settle(Outcome outcome) {
    parts.forEach(part -> part.settleOne(outcome));
  }
}

package io.sluice.event;

import java.util.List;

/**
 * A run of one stream's events on its way to a sink: batches that follow each other without a gap.
 *
 * @param stream the stream's name
 * @param first the position of the first event
 * @param batches at least one, in order
 */
public record Delivery(String stream, Position first, List<Batch> batches) {
  public Delivery {
    if (batches.isEmpty()) {
      throw new IllegalArgumentException("a delivery has at least one batch");
    }
    batches = List.copyOf(batches);
  }

  /** How many events. */
  public int events() {
    int events = 0;
    for (Batch batch : batches) {
      events += batch.size();
    }
    return events;
  }

  /** What its batches count against credit. Bytes. */
  public long weight() {
    long weight = 0;
    for (Batch batch : batches) {
      weight += batch.weight();
    }
    return weight;
  }

  /** The position behind its last event: where the sink stands once it has the delivery. */
  public Position next() {
    return first.plus(events());
  }
}

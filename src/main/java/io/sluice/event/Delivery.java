package io.sluice.event;

import java.util.ArrayList;
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

  /** Its events from {@code from} to before {@code to}, counted within it; at least one. */
  public Delivery slice(int from, int to) {
    List<Batch> slices = new ArrayList<>();
    int at = 0;
    for (Batch batch : batches) {
      int start = Math.max(from - at, 0);
      int end = Math.min(to - at, batch.size());
      if (start < end) {
        slices.add(batch.slice(start, end));
      }
      at += batch.size();
    }
    return new Delivery(stream, first.plus(from), slices);
  }

  /** The position behind its last event: where the sink stands once it has the delivery. */
  public Position next() {
    return first.plus(events());
  }
}

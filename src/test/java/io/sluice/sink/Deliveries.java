package io.sluice.sink;

import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Delivery;
import io.sluice.event.Origin;
import io.sluice.event.Position;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Deliveries for tests. */
public final class Deliveries {
  public static final Origin JSON = origin("application/json", "2026-03-04T05:06:07Z");

  private Deliveries() {}

  public static Origin origin(String contentType, String received) {
    return new Origin("app", Origin.ANONYMOUS, contentType, Instant.parse(received));
  }

  /** A batch in lines. */
  public static Batch lines(String... events) {
    return lines(JSON, List.of(), events);
  }

  /** A batch in lines whose events have keys, or none. */
  public static Batch lines(Origin origin, List<String> keys, String... events) {
    return batch(origin, keys, true, events);
  }

  /** A batch that is not in lines. */
  public static Batch apart(Origin origin, String... events) {
    return batch(origin, List.of(), false, events);
  }

  private static Batch batch(Origin origin, List<String> keys, boolean lines, String... events) {
    ByteArrayOutputStream region = new ByteArrayOutputStream();
    int[] bounds = new int[2 * events.length];
    for (int i = 0; i < events.length; i++) {
      bounds[2 * i] = region.size();
      region.writeBytes(events[i].getBytes(StandardCharsets.UTF_8));
      bounds[2 * i + 1] = region.size();
      if (lines) {
        region.write('\n');
      }
    }
    Columns columns =
        keys.isEmpty()
            ? Columns.NONE
            : new Columns(List.of(), new ArrayList<>(keys), List.of(), List.of());
    return Batch.of(region.toByteArray(), bounds, lines, origin, columns);
  }

  public static Delivery at(long ordinal, Batch... batches) {
    return in("events", ordinal, batches);
  }

  public static Delivery in(String stream, long ordinal, Batch... batches) {
    return new Delivery(stream, new Position(0, ordinal), Arrays.asList(batches));
  }

  /** A delivery of one batch of events that say their ordinals. */
  public static Delivery numbered(String stream, long first, int events) {
    String[] texts = new String[events];
    for (int i = 0; i < events; i++) {
      texts[i] = "{\"n\":" + (first + i) + "}";
    }
    return in(stream, first, lines(texts));
  }
}

package io.sluice.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the events of a batch beyond their bytes, a column each; an empty list where
 * nobody set any.
 *
 * @param ids who each event is, by its sender; CloudEvents' {@code id}
 * @param keys what each event belongs to; order is kept per key
 * @param times when each event happened, by its sender
 * @param attributes further CloudEvents attributes of each event, by their names
 */
public record Columns(
    List<@Nullable String> ids,
    List<@Nullable String> keys,
    List<@Nullable Instant> times,
    List<Map<String, String>> attributes) {
  private static final int EACH = 16;

  public static final Columns NONE = new Columns(List.of(), List.of(), List.of(), List.of());

  public boolean isEmpty() {
    return ids.isEmpty() && keys.isEmpty() && times.isEmpty() && attributes.isEmpty();
  }

  /**
   * What the columns count against credit. Bytes, by rule of thumb: the characters, and {@value
   * #EACH} for each value, as equal ones of events that follow each other are mostly the same.
   */
  public long weight() {
    if (isEmpty()) {
      return 0;
    }
    long weight = weight(ids) + weight(keys);
    for (Instant time : times) {
      weight += time == null ? 0 : EACH;
    }
    for (Map<String, String> each : attributes) {
      for (Map.Entry<String, String> attribute : each.entrySet()) {
        weight += attribute.getKey().length() + attribute.getValue().length() + EACH;
      }
    }
    return weight;
  }

  private static long weight(List<@Nullable String> column) {
    long weight = 0;
    for (String value : column) {
      weight += value == null ? 0 : value.length() + EACH;
    }
    return weight;
  }

  Columns slice(int from, int to) {
    return isEmpty()
        ? NONE
        : new Columns(
            part(ids, from, to),
            part(keys, from, to),
            part(times, from, to),
            part(attributes, from, to));
  }

  private static <T extends @Nullable Object> List<T> part(List<T> column, int from, int to) {
    return column.isEmpty() ? column : column.subList(from, to);
  }
}

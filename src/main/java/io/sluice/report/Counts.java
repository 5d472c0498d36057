package io.sluice.report;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What was counted of a source up to a moment, or between two.
 *
 * @param items what is missing is nothing
 */
public record Counts(Map<Item, Long> items, Ages ages) {
  public static final Counts NONE = new Counts(Map.of(), Ages.NONE);

  public Counts {
    Map<Item, Long> copy = new EnumMap<>(Item.class);
    copy.putAll(items);
    items = Collections.unmodifiableMap(copy);
  }

  public long of(Item item) {
    return items.getOrDefault(item, 0L);
  }

  Counts plus(Item item, double more) {
    Map<Item, Long> sum = new EnumMap<>(Item.class);
    sum.putAll(items);
    sum.merge(item, (long) more, Long::sum);
    return new Counts(sum, ages);
  }

  Counts plus(Ages more) {
    return new Counts(items, ages.plus(more));
  }

  /** What came to these after there were {@code before}. */
  Counts minus(Counts before) {
    Map<Item, Long> rest = new EnumMap<>(Item.class);
    items.forEach((item, count) -> rest.put(item, Math.max(0, count - before.of(item))));
    return new Counts(rest, ages.minus(before.ages));
  }
}

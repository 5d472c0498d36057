package io.sluice.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the keys in which two settings records of one type differ. */
public final class Differences {
  private Differences() {}

  /**
   * The keys, as they are written, with dots between those of objects in objects. Never shows a
   * value.
   */
  public static List<String> between(Record one, Record other) {
    List<String> keys = new ArrayList<>();
    collect("", one, other, keys);
    return List.copyOf(keys);
  }

  private static void collect(String prefix, Record one, Record other, List<String> keys) {
    for (Shape.Slot slot : Shape.of(one.getClass()).slots()) {
      Object here = bare(slot.value(one));
      Object there = bare(slot.value(other));
      if (here.equals(there)) {
        continue;
      }
      String key = slot.inline() ? prefix : prefix + slot.key();
      if (here instanceof Record before
          && there.getClass() == before.getClass()
          && Leaf.of(before.getClass()).isEmpty()) {
        collect(slot.inline() ? prefix : key + ".", before, (Record) there, keys);
      } else {
        keys.add(key);
      }
    }
  }

  private static Object bare(Object value) {
    return value instanceof Optional<?> optional && optional.isPresent() ? optional.get() : value;
  }
}

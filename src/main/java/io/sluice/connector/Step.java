package io.sluice.connector;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What changes in a {@link Cursor} once events are kept. Immutable.
 *
 * @param parts the new text of each part that changes; empty for one that goes away
 */
public record Step(Map<String, Optional<String>> parts) {
  /** The cursor stays where it is. */
  public static final Step NONE = new Step(Map.of());

  public Step {
    parts = Map.copyOf(parts);
  }

  public static Step set(String part, String text) {
    return new Step(Map.of(part, Optional.of(text)));
  }

  public static Step remove(String part) {
    return new Step(Map.of(part, Optional.empty()));
  }

  /** This step and then the other. */
  public Step then(Step other) {
    Map<String, Optional<String>> both = new HashMap<>(parts);
    both.putAll(other.parts);
    return new Step(both);
  }

  /** The cursor behind this step. */
  public Cursor from(Cursor cursor) {
    SortedMap<String, String> moved = new TreeMap<>(cursor.parts());
    parts.forEach(
        (name, text) ->
            text.ifPresentOrElse(now -> moved.put(name, now), () -> moved.remove(name)));
    return new Cursor(moved);
  }
}

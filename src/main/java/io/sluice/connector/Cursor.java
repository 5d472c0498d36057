package io.sluice.connector;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far a pull source has read its upstream, in parts that only its connector understands.
 * Immutable.
 *
 * @param parts text by name; both short, and to be read by an operator
 */
public record Cursor(SortedMap<String, String> parts) {
  /** Nothing was read yet. */
  public static final Cursor START = new Cursor(new TreeMap<>());

  public Cursor {
    parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
  }

  public static Cursor of(Map<String, String> parts) {
    return new Cursor(new TreeMap<>(parts));
  }

  public Optional<String> part(String name) {
    return Optional.ofNullable(parts.get(name));
  }
}

package io.sluice.source.poll.sql;

import io.sluice.connector.Cursor;
import io.sluice.connector.Step;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the cursor keeps: the largest value that was read, and which of the rows that have it.
 * Immutable.
 *
 * @param value its text; empty in the beginning
 * @param id of the row it stands on; empty in the beginning, and where the query does not ask
 * @param seen what tells apart the rows with that value that were read; empty where the query asks
 *     for the id
 */
record Place(Optional<String> value, Optional<String> id, Set<String> seen) {
  private static final String VALUE = "value";
  private static final String ID = "id";
  private static final String SEEN = "seen";

  static Place of(Cursor cursor) {
    Set<String> seen =
        cursor
            .part(SEEN)
            .filter(text -> !text.isEmpty())
            .map(text -> (Set<String>) new LinkedHashSet<>(List.of(text.split(",", -1))))
            .orElse(Set.of());
    return new Place(cursor.part(VALUE), cursor.part(ID), seen);
  }

  Step step() {
    Map<String, Optional<String>> parts = new HashMap<>();
    parts.put(VALUE, value);
    parts.put(ID, id);
    parts.put(SEEN, seen.isEmpty() ? Optional.empty() : Optional.of(String.join(",", seen)));
    return new Step(parts);
  }
}

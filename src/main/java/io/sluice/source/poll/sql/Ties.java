package io.sluice.source.poll.sql;

import io.sluice.connector.PollException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows the rows of one poll and says which of them were read before. Confined to one thread.
 *
 * <p>A row with the value the cursor stands on was read when it is one of those that were; one with
 * a larger value was not, and moves the cursor. One with a smaller value is behind the cursor
 * because the query looks back: it is taken, and the cursor stays.
 */
final class Ties {
  /** Rows with one value that are told apart at most, so that the cursor stays small. */
  static final int MOST = 5_000;

  private static final int DIGEST_BYTES = 9;

  private final Optional<Comparator<String>> order;
  private final boolean byId;
  private final Map<String, Integer> alike = new HashMap<>();
  private final MessageDigest digest;
  private Optional<String> value;
  private Optional<String> id;
  private Set<String> seen;
  private @Nullable String before;

  /**
   * At a place.
   *
   * @param order of values; empty when the query's order is trusted
   * @param byId whether the query goes on behind the id
   */
  Ties(Place from, Optional<Comparator<String>> order, boolean byId) {
    this.order = order;
    this.byId = byId;
    this.value = from.value();
    this.id = from.id();
    this.seen = new LinkedHashSet<>(from.seen());
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * The next row.
   *
   * @param now its value in the cursor's column
   * @param rowId its id, where rows have one
   * @param json the row, from {@code start} to {@code end}
   * @return whether it is new
   * @throws PollException when the rows do not come in order, or too many have one value
   */
  boolean take(String now, Optional<String> rowId, byte[] json, int start, int end) {
    String last = before;
    if (last != null && compare(now, last) < 0) {
      throw PollException.lasting(
          "cursor-backwards", "the query's rows do not come ordered by the cursor's column");
    }
    if (!now.equals(last)) {
      alike.clear();
    }
    before = now;
    int how = value.isEmpty() ? 1 : compare(now, value.get());
    if (byId) {
      boolean same = how == 0 && rowId.equals(id);
      if (how >= 0) {
        value = Optional.of(now);
        id = rowId;
      }
      return !same;
    }
    if (how < 0) {
      return true;
    }
    String key = key(rowId, json, start, end);
    if (how > 0) {
      value = Optional.of(now);
      seen = new LinkedHashSet<>();
    }
    if (seen.contains(key)) {
      return false;
    }
    if (seen.size() == MOST) {
      throw PollException.lasting(
          "too-many-ties",
          "more than "
              + MOST
              + " rows have the same value in the cursor's column: let the query go on behind"
              + " ({cursor}, {id})");
    }
    seen.add(key);
    return true;
  }

  /** Values whose order is not known are taken as growing. */
  private int compare(String one, String other) {
    return one.equals(other) ? 0 : order.map(by -> by.compare(one, other)).orElse(1);
  }

  /** What tells a row from others with its value; rows alike in all are counted. */
  private String key(Optional<String> rowId, byte[] json, int start, int end) {
    if (rowId.isPresent()) {
      digest.update(rowId.get().getBytes(StandardCharsets.UTF_8));
    } else {
      digest.update(json, start, end - start);
    }
    String key =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(Arrays.copyOf(digest.digest(), DIGEST_BYTES));
    if (rowId.isPresent()) {
      return key;
    }
    int others = alike.merge(key, 1, Integer::sum) - 1;
    return others == 0 ? key : key + "*" + others;
  }

  Place place() {
    return new Place(value, byId ? id : Optional.empty(), byId ? Set.of() : Set.copyOf(seen));
  }
}

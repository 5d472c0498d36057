package io.sluice.source.poll.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A query as the operator wrote it, cut where values come in. Immutable.
 *
 * @param texts what stands around the places, one more than there are
 * @param places in order
 */
record Template(List<String> texts, List<Place> places) {
  private static final Pattern PLACES = Pattern.compile("\\{(cursor|id|limit)}");

  /** Where a value comes in. */
  enum Place {
    CURSOR,
    ID,
    LIMIT
  }

  /**
   * Cuts a query.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  static Template parse(String query) {
    String text = query.strip();
    while (text.endsWith(";")) {
      text = text.substring(0, text.length() - 1).strip();
    }
    if (text.isEmpty()) {
      throw new IllegalArgumentException("must not be empty");
    }
    List<String> texts = new ArrayList<>();
    List<Place> places = new ArrayList<>();
    Matcher found = PLACES.matcher(text);
    int behind = 0;
    while (found.find()) {
      texts.add(text.substring(behind, found.start()));
      places.add(
          switch (found.group(1)) {
            case "cursor" -> Place.CURSOR;
            case "id" -> Place.ID;
            default -> Place.LIMIT;
          });
      behind = found.end();
    }
    texts.add(text.substring(behind));
    return new Template(List.copyOf(texts), List.copyOf(places));
  }

  boolean has(Place place) {
    return places.contains(place);
  }

  /** The query with something in each place. */
  String with(Function<Place, String> what) {
    StringBuilder query = new StringBuilder(texts.get(0));
    for (int i = 0; i < places.size(); i++) {
      query.append(what.apply(places.get(i))).append(texts.get(i + 1));
    }
    return query.toString();
  }
}

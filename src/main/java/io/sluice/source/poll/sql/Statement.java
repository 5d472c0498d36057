package io.sluice.source.poll.sql;

import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A query for the database, with places for the cursor's and the id's text. Immutable.
 *
 * @param sql with the dialect's parameters
 * @param parameters what each of them is
 */
record Statement(String sql, List<Template.Place> parameters) {
  /** What an operator wrote, for values of these types. */
  static Statement of(Template template, Dialect dialect, int limit, KeyType cursor, KeyType id) {
    List<Template.Place> parameters = new ArrayList<>();
    Function<Template.Place, String> parameter =
        place -> {
          if (place == Template.Place.LIMIT) {
            return Integer.toString(limit);
          }
          parameters.add(place);
          return dialect.parameter(parameters.size(), place == Template.Place.CURSOR ? cursor : id);
        };
    String sql = template.with(parameter);
    return new Statement(sql, List.copyOf(parameters));
  }

  /**
   * A query that brings no row, but the types of all columns.
   *
   * @param cursor the type of the cursor's column, as far as it is known
   */
  static String probe(Template template, Dialect dialect, Optional<KeyType> cursor) {
    String value = cursor.map(dialect::nothing).orElse("NULL");
    return "SELECT * FROM ("
        + template.with(
            place ->
                switch (place) {
                  case LIMIT -> "1";
                  case CURSOR -> value;
                  case ID -> "NULL";
                })
        + "\n) AS sluice LIMIT 0";
  }

  Tuple values(String cursor, @Nullable String id) {
    List<@Nullable Object> values = new ArrayList<>();
    parameters.forEach(each -> values.add(each == Template.Place.CURSOR ? cursor : id));
    return Tuple.wrap(values);
  }
}

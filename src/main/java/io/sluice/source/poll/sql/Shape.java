package io.sluice.source.poll.sql;

import io.sluice.connector.PollException;
import io.vertx.sqlclient.desc.ColumnDescriptor;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the rows of a query look like. Immutable.
 *
 * @param names of the columns
 * @param forms what is special about their values
 * @param cursor which one the cursor's is
 * @param cursorType what its values are
 * @param id which one tells rows apart; -1 when none does
 * @param idType what its values are; text when there is none
 */
record Shape(
    List<String> names, List<Form> forms, int cursor, KeyType cursorType, int id, KeyType idType) {
  /**
   * What a query's columns are.
   *
   * @throws PollException when they are not what the settings say
   */
  static Shape of(SqlSourceConfig config, List<ColumnDescriptor> columns) {
    List<String> names = columns.stream().map(ColumnDescriptor::name).toList();
    if (new HashSet<>(names).size() < names.size()) {
      throw PollException.lasting("query", "two columns of the query have one name");
    }
    int cursor = column(names, config.cursor().column());
    int id = config.id().map(name -> column(names, name)).orElse(-1);
    KeyType cursorType = config.cursor().type().orElseGet(() -> type(columns.get(cursor)));
    List<Form> forms = columns.stream().map(column -> form(config, column)).toList();
    return new Shape(
        names, forms, cursor, cursorType, id, id < 0 ? KeyType.TEXT : type(columns.get(id)));
  }

  /** What is special about the values of a column. */
  enum Form {
    /** Nothing. */
    PLAIN,
    /** They are JSON themselves. */
    JSON,
    /** They are moments, though the client has no zone for them: it is UTC. */
    MOMENT
  }

  private static Form form(SqlSourceConfig config, ColumnDescriptor column) {
    return switch (column.typeName().toUpperCase(Locale.ROOT)) {
      case "JSON", "JSONB" -> Form.JSON;
      case "TIMESTAMP" ->
          Address.parse(config.url()).dialect() == Dialect.MYSQL ? Form.MOMENT : Form.PLAIN;
      default -> Form.PLAIN;
    };
  }

  private static int column(List<String> names, String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw PollException.lasting("cursor-missing", "the query has no column " + name);
    }
    return index;
  }

  private static KeyType type(ColumnDescriptor column) {
    Optional<KeyType> type = column.isArray() ? Optional.empty() : KeyType.of(column.typeName());
    return type.orElseThrow(
        () ->
            PollException.lasting(
                "cursor-type",
                "column "
                    + column.name()
                    + " is "
                    + column.typeName()
                    + ", which has no order"
                    + " that can be kept: cast it in the query"));
  }
}

package io.sluice.source.poll.sql;

import io.vertx.sqlclient.data.Numeric;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What the values of a cursor's column can be. Text is what the cursor keeps of a value. */
public enum KeyType {
  INTEGER,
  DECIMAL,
  DOUBLE,
  TEXT,
  UUID,
  DATE,
  TIMESTAMP,
  TIMESTAMPTZ;

  /** The type of a column by the name that the database client has for it; empty for others. */
  static Optional<KeyType> of(String column) {
    return switch (column.toUpperCase(Locale.ROOT)) {
      case "INT2", "INT4", "INT8", "OID" -> Optional.of(INTEGER);
      case "INT16", "INT24", "INT32", "INT64", "YEAR" -> Optional.of(INTEGER);
      case "U_INT8", "U_INT16", "U_INT24", "U_INT32" -> Optional.of(INTEGER);
      // Its upper half is no integer for the database's casts.
      case "NUMERIC", "U_INT64" -> Optional.of(DECIMAL);
      case "FLOAT4", "FLOAT8", "FLOAT", "DOUBLE" -> Optional.of(DOUBLE);
      case "TEXT", "VARCHAR", "BPCHAR", "NAME", "STRING", "VARSTRING" -> Optional.of(TEXT);
      case "TINY_TEXT", "MEDIUM_TEXT", "LONG_TEXT" -> Optional.of(TEXT);
      case "UUID" -> Optional.of(UUID);
      case "DATE" -> Optional.of(DATE);
      case "TIMESTAMP", "DATETIME" -> Optional.of(TIMESTAMP);
      case "TIMESTAMPTZ" -> Optional.of(TIMESTAMPTZ);
      default -> Optional.empty();
    };
  }

  /** The text of a value; empty when it cannot be one of a cursor. */
  Optional<String> text(Object value) {
    if (value instanceof Numeric numeric) {
      return numeric.isNaN()
          ? Optional.empty()
          : Optional.of(numeric.bigDecimalValue().toPlainString());
    }
    if (value instanceof BigDecimal decimal) {
      return Optional.of(decimal.toPlainString());
    }
    if (value instanceof Float || value instanceof Double) {
      double number = ((Number) value).doubleValue();
      return Double.isFinite(number) ? Optional.of(Double.toString(number)) : Optional.empty();
    }
    return Optional.of(Times.text(value).orElseGet(value::toString));
  }

  /**
   * The order of values by their texts, as the database has it; empty where that depends on its
   * collation.
   */
  Optional<Comparator<String>> order() {
    return switch (this) {
      case INTEGER, DECIMAL -> Optional.of(Comparator.comparing(BigDecimal::new));
      case DOUBLE -> Optional.of(Comparator.comparingDouble(Double::parseDouble));
      case UUID -> Optional.of(Comparator.naturalOrder());
      case DATE -> Optional.of(Comparator.comparing(Times::date));
      case TIMESTAMP -> Optional.of(Comparator.comparing(Times::time));
      case TIMESTAMPTZ -> Optional.of(Comparator.comparing(Times::moment));
      case TEXT -> Optional.empty();
    };
  }
}

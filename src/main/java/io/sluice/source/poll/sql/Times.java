package io.sluice.source.poll.sql;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Dates and moments as text. What no database can hold is how its client says infinity. */
final class Times {
  private static final String LAST = "infinity";
  private static final String FIRST = "-infinity";

  /** The years that PostgreSQL has, moments and dates. */
  private static final int FIRST_YEAR = -4712;

  private static final int LAST_YEAR = 294_276;
  private static final int LAST_DATE_YEAR = 5_874_897;

  private Times() {}

  /** The text; empty for other values. */
  static Optional<String> text(Object value) {
    if (value instanceof OffsetDateTime moment) {
      return Optional.of(
          endless(moment.getYear(), LAST_YEAR)
              .orElseGet(
                  () ->
                      DateTimeFormatter.ISO_INSTANT.format(
                          moment.withOffsetSameInstant(ZoneOffset.UTC))));
    }
    if (value instanceof LocalDateTime time) {
      return Optional.of(
          endless(time.getYear(), LAST_YEAR)
              .orElseGet(() -> DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time)));
    }
    return value instanceof LocalDate date
        ? Optional.of(endless(date.getYear(), LAST_DATE_YEAR).orElseGet(date::toString))
        : Optional.empty();
  }

  private static Optional<String> endless(int year, int last) {
    return year > last
        ? Optional.of(LAST)
        : year < FIRST_YEAR ? Optional.of(FIRST) : Optional.empty();
  }

  static LocalDate date(String text) {
    return switch (text) {
      case LAST -> LocalDate.MAX;
      case FIRST -> LocalDate.MIN;
      default -> LocalDate.parse(text);
    };
  }

  static LocalDateTime time(String text) {
    return switch (text) {
      case LAST -> LocalDateTime.MAX;
      case FIRST -> LocalDateTime.MIN;
      default -> LocalDateTime.parse(text);
    };
  }

  static OffsetDateTime moment(String text) {
    return switch (text) {
      case LAST -> OffsetDateTime.MAX;
      case FIRST -> OffsetDateTime.MIN;
      default -> OffsetDateTime.parse(text);
    };
  }
}

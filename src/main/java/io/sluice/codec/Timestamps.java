package io.sluice.codec;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Optional;
import java.util.regex.Pattern;

/** Timestamps of RFC 3339, section 5.6. */
public final class Timestamps {
  private static final Pattern SYNTAX =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,40})?([Zz]|[+-]\\d\\d:\\d\\d)");

  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral('T')
          .appendPattern("HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendOffset("+HH:MM", "Z")
          .toFormatter(java.util.Locale.ROOT);

  private static final int SECONDS = "2020-12-31T23:59:".length();
  private static final int FRACTION = SECONDS + 2;

  private Timestamps() {}

  /** The moment; of a leap second the second before, and no finer than nanoseconds. */
  public static Optional<Instant> read(String text) {
    if (text.length() > 80 || !SYNTAX.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(FORMAT.parse(noFiner(noLeap(text)), Instant::from));
    } catch (DateTimeException wrong) {
      return Optional.empty();
    }
  }

  private static String noLeap(String text) {
    return text.startsWith("60", SECONDS)
        ? text.substring(0, SECONDS) + "59" + text.substring(FRACTION)
        : text;
  }

  private static String noFiner(String text) {
    int end = FRACTION;
    if (text.charAt(end) == '.') {
      end++;
      while (Character.isDigit(text.charAt(end))) {
        end++;
      }
    }
    int most = FRACTION + 10;
    return end > most ? text.substring(0, most) + text.substring(end) : text;
  }
}

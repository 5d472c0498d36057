package io.sluice.config;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as the configuration writes them: {@code 250ms}, {@code 30s}, {@code 5m}, {@code 24h}.
 */
public final class Durations {
  /** The form as an ECMA-262 regular expression. */
  public static final String PATTERN = "^[0-9]+ ?(ms|s|m|h|d)$";

  private static final Pattern FORM = Pattern.compile("([0-9]{1,15}) ?(ms|s|m|h|d)");

  /** In milliseconds: Duration divides and multiplies with BigDecimals. */
  private static final Map<String, Long> UNITS =
      Map.of("ms", 1L, "s", 1000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  private static final long LONGEST = Duration.ofDays(36_500).toMillis();

  private Durations() {}

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException when it is not written as described, or longer than 36500 days
   */
  public static Duration parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "must be a whole number and a unit of ms, s, m, h or d, like 30s");
    }
    long unit = UNITS.getOrDefault(form.group(2), 1L);
    long count = Long.parseLong(form.group(1));
    if (count > LONGEST / unit) {
      throw new IllegalArgumentException("must not be longer than 36500 days");
    }
    return Duration.ofMillis(unit * count);
  }
}

package io.sluice.source.poll.http;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long an upstream wants to be left alone, by the fields of its answer: {@code Retry-After}
 * (RFC 9110 section 10.2.3), and when a limit is used up {@code RateLimit} (the draft of IETF
 * httpapi), {@code RateLimit-Remaining} and {@code RateLimit-Reset}, or those with {@code X-}
 * before them. Never longer than {@link #LONGEST}.
 */
final class Pauses {
  static final Duration LONGEST = Duration.ofHours(1);

  /** A reset beyond this many seconds is a moment since 1970, as some write it. */
  private static final long MOMENT = 1_000_000_000L;

  private static final Pattern SECONDS = Pattern.compile("\\d{1,12}");
  private static final Pattern REMAINING = Pattern.compile(";\\s*r=(\\d{1,12})");
  private static final Pattern RESET = Pattern.compile(";\\s*t=(\\d{1,12})");

  private Pauses() {}

  /**
   * What an answer says.
   *
   * @param pause zero when it does not say
   * @param limited whether a limit is used up
   */
  record Asked(Duration pause, boolean limited) {}

  static Asked of(MultiMap headers, Instant now) {
    Optional<Duration> after = first(headers, "retry-after").flatMap(text -> after(text, now));
    Optional<Duration> limit = limit(headers, now);
    Duration longer = longer(after.orElse(Duration.ZERO), limit.orElse(Duration.ZERO));
    return new Asked(
        longer.compareTo(LONGEST) > 0 ? LONGEST : longer, after.isPresent() || limit.isPresent());
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private static Optional<String> first(MultiMap headers, String name) {
    return Optional.ofNullable(headers.get(name)).map(String::strip);
  }

  private static Optional<Duration> after(String text, Instant now) {
    if (SECONDS.matcher(text).matches()) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    return date(text, now).map(moment -> longer(Duration.between(now, moment), Duration.ZERO));
  }

  /** A date of RFC 9110 section 5.6.7, in any of its three forms. */
  private static Optional<Instant> date(String text, Instant now) {
    return forms(now).stream().flatMap(form -> date(text, form).stream()).findFirst();
  }

  private static Optional<Instant> date(String text, DateTimeFormatter form) {
    try {
      return Optional.of(ZonedDateTime.parse(text, form).toInstant());
    } catch (DateTimeParseException other) {
      return Optional.empty();
    }
  }

  private static List<DateTimeFormatter> forms(Instant now) {
    return List.of(
        DateTimeFormatter.RFC_1123_DATE_TIME,
        new DateTimeFormatterBuilder()
            .appendPattern("EEEE, dd-MMM-")
            // A year of two digits is at most 50 years from now.
            .appendValueReduced(ChronoField.YEAR, 2, 2, now.atZone(ZoneOffset.UTC).getYear() - 49)
            .appendPattern(" HH:mm:ss 'GMT'")
            .toFormatter(Locale.ENGLISH)
            .withZone(ZoneOffset.UTC),
        DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC));
  }

  private static Optional<Duration> limit(MultiMap headers, Instant now) {
    for (String prefix : List.of("ratelimit-", "x-ratelimit-", "x-rate-limit-")) {
      boolean none = first(headers, prefix + "remaining").filter("0"::equals).isPresent();
      Optional<String> reset = first(headers, prefix + "reset");
      if (none && reset.isPresent()) {
        return reset.flatMap(text -> until(text, now));
      }
    }
    return headers.getAll("ratelimit").stream()
        .flatMap(text -> List.of(text.split(",", -1)).stream())
        .filter(limit -> number(REMAINING, limit).filter(left -> left == 0).isPresent())
        .flatMap(limit -> number(RESET, limit).stream())
        .map(Duration::ofSeconds)
        .max(Duration::compareTo);
  }

  private static Optional<Long> number(Pattern form, String text) {
    Matcher found = form.matcher(text);
    return found.find() ? Optional.of(Long.parseLong(found.group(1))) : Optional.empty();
  }

  private static Optional<Duration> until(String reset, Instant now) {
    if (!SECONDS.matcher(reset).matches()) {
      return Optional.empty();
    }
    long seconds = Long.parseLong(reset);
    return Optional.of(
        longer(
            Duration.ofSeconds(seconds < MOMENT ? seconds : seconds - now.getEpochSecond()),
            Duration.ZERO));
  }
}

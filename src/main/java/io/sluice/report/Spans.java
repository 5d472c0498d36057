package io.sluice.report;

import java.time.Duration;

/** Times as people say them. */
public final class Spans {
  private Spans() {}

  /** Rounded to what matters: two figures or so. */
  public static String of(Duration span) {
    double seconds = span.toNanos() / 1e9;
    if (seconds < 1) {
      return Math.round(seconds * 1000) + " ms";
    }
    if (seconds < 120) {
      return plain(seconds) + " s";
    }
    if (seconds < 7200) {
      return plain(seconds / 60) + " min";
    }
    return seconds < 2 * 86_400 ? plain(seconds / 3600) + " h" : plain(seconds / 86_400) + " days";
  }

  private static String plain(double number) {
    long tenths = Math.round(number * 10);
    return number >= 10 || tenths % 10 == 0
        ? Long.toString(Math.round(number))
        : tenths / 10 + "." + tenths % 10;
  }
}

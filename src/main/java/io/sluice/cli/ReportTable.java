package io.sluice.cli;

import io.sluice.report.Spans;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The report as people read it: a row a source, and the advice below. */
final class ReportTable {
  private static final List<String> HEAD =
      List.of(
          "source",
          "",
          "for",
          "events",
          "again",
          "fresh p50",
          "p99",
          "polls",
          "empty",
          "asked",
          "a new event",
          "an hour",
          "MB an hour",
          "s an hour",
          "missed");

  private final List<List<String>> rows = new ArrayList<>();
  private final List<String> below = new ArrayList<>();

  private ReportTable() {
    rows.add(HEAD);
    below.add("");
  }

  static String of(ReportAnswer report) {
    ReportTable table = new ReportTable();
    report.sources().forEach(table::add);
    Instant at = Instant.parse(report.at()).truncatedTo(ChronoUnit.SECONDS);
    return table.text() + System.lineSeparator() + "at " + at;
  }

  private void add(ReportAnswer.Source source) {
    rows.add(row(plain(source.name()), plain(source.direction()), source));
    ReportAnswer.Source before = source.before();
    if (before != null) {
      below.add("");
      rows.add(row("", "before", before));
    }
    below.add(plain(source.advice()));
  }

  private static String plain(@Nullable String text) {
    return text == null ? "" : PlainText.of(text);
  }

  private static List<String> row(String name, String kind, ReportAnswer.Source figures) {
    ReportAnswer.Freshness fresh =
        Objects.requireNonNullElse(figures.freshnessSeconds(), ReportAnswer.Freshness.UNKNOWN);
    ReportAnswer.Polls polls = Objects.requireNonNullElse(figures.polls(), ReportAnswer.Polls.NONE);
    return Arrays.asList(
        name,
        kind,
        span(figures.seconds()),
        count(figures.events()),
        count(figures.duplicates()),
        span(fresh.p50()),
        span(fresh.p99()),
        count(polls.answered()),
        percent(polls.emptyShare()),
        count(polls.requests()),
        number(polls.requestsPerNewEvent(), 1),
        number(polls.requestsPerHour(), 1),
        number(polls.receivedBytesPerHour(), 1e6),
        number(polls.secondsPerHour(), 1),
        count(figures.missedByPush()));
  }

  private static String count(@Nullable Long count) {
    return count == null ? "-" : String.format(Locale.ROOT, "%,d", count);
  }

  private static String span(@Nullable Double seconds) {
    return seconds == null ? "-" : Spans.of(Duration.ofMillis(Math.round(seconds * 1000)));
  }

  private static String percent(@Nullable Double share) {
    return share == null ? "-" : Math.round(share * 100) + " %";
  }

  private static String number(@Nullable Double number, double unit) {
    return number == null ? "-" : String.format(Locale.ROOT, "%,.1f", number / unit);
  }

  private String text() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < HEAD.size(); column++) {
        String cell = rows.get(i).get(column);
        String room = " ".repeat(width(column) - cell.length());
        line.append(column < 2 ? cell + room : room + cell).append("  ");
      }
      out.append(line.toString().stripTrailing()).append(System.lineSeparator());
      if (!below.get(i).isEmpty()) {
        out.append("  ").append(below.get(i)).append(System.lineSeparator());
      }
    }
    return out.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}

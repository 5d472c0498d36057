package io.sluice.admin;

import io.sluice.connector.Counterpart;
import io.sluice.report.Account;
import io.sluice.report.Ages;
import io.sluice.report.Figures;
import io.sluice.report.Item;
import io.sluice.report.Report;
import io.sluice.report.Subject;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/** The report as JSON: what is not known, or means nothing for a source, is left out. */
final class ReportDocument {
  private ReportDocument() {}

  static JsonObject of(Report report) {
    JsonArray sources = new JsonArray();
    report.lines().forEach(line -> sources.add(source(line)));
    return new JsonObject().put("at", report.at().toString()).put("sources", sources);
  }

  private static JsonObject source(Report.Line line) {
    Subject subject = line.subject();
    Account account = line.account();
    JsonObject all =
        new JsonObject()
            .put("name", subject.name())
            .put("type", subject.type())
            .put("direction", subject.pulls() ? "pull" : "push")
            .put("to", subject.to());
    seconds(all, "intervalSeconds", subject.interval());
    seconds(all, "silentSeconds", subject.silent());
    all.mergeIn(figures(subject, account.now()));
    account.before().ifPresent(before -> all.put("before", figures(subject, before)));
    return all.put("advice", line.advice());
  }

  private static JsonObject figures(Subject subject, Figures figures) {
    JsonObject all =
        new JsonObject()
            .put("since", figures.since().toString())
            .put("seconds", seconds(figures.span()))
            .put("events", figures.of(Item.EVENTS))
            .put("bytes", figures.of(Item.BYTES))
            .put("duplicates", figures.of(Item.DUPLICATES));
    Ages ages = figures.counts().ages();
    ages.mean()
        .ifPresent(
            mean -> {
              JsonObject freshness = new JsonObject().put("mean", seconds(mean));
              seconds(freshness, "p50", ages.quantile(0.5));
              seconds(freshness, "p99", ages.quantile(0.99));
              all.put("freshnessSeconds", freshness);
            });
    if (subject.counterpart().filter(Counterpart::comparing).isPresent()) {
      all.put("missedByPush", figures.of(Item.MISSED));
    }
    return subject.pulls() ? all.put("polls", polls(figures)) : all;
  }

  private static JsonObject polls(Figures figures) {
    JsonObject all =
        new JsonObject()
            .put("answered", figures.answered())
            .put("empty", figures.of(Item.EMPTY))
            .put("more", figures.of(Item.MORE))
            .put("failed", figures.of(Item.FAILED))
            .put("requests", figures.of(Item.REQUESTS))
            .put("receivedBytes", figures.of(Item.RECEIVED));
    number(all, "emptyShare", figures.emptyShare());
    number(all, "requestsPerNewEvent", figures.requestsPerEvent());
    return all.put("requestsPerHour", rounded(figures.anHour(Item.REQUESTS)))
        .put("receivedBytesPerHour", Math.round(figures.anHour(Item.RECEIVED)))
        .put("secondsPerHour", rounded(figures.anHour(Item.POLLING) / 1e9));
  }

  private static void seconds(JsonObject all, String key, Optional<Duration> span) {
    span.ifPresent(known -> all.put(key, seconds(known)));
  }

  private static double seconds(Duration span) {
    return span.toMillis() / 1000.0;
  }

  private static void number(JsonObject all, String key, OptionalDouble number) {
    number.ifPresent(known -> all.put(key, rounded(known)));
  }

  private static double rounded(double number) {
    return Math.round(number * 1000) / 1000.0;
  }
}

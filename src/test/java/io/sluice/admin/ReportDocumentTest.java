package io.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Counterpart;
import io.sluice.connector.Every;
import io.sluice.report.Account;
import io.sluice.report.Ages;
import io.sluice.report.Counts;
import io.sluice.report.Figures;
import io.sluice.report.Item;
import io.sluice.report.Report;
import io.sluice.report.Subject;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReportDocumentTest {
  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
  private static final Ages TWO_SECONDS =
      new Ages(10, 20e9, new TreeMap<>(Map.of(1_000_000_000L, 0L, 3_000_000_000L, 10L)));

  private static Figures figures(Duration span, Map<Item, Long> items, Ages ages) {
    return new Figures(NOON, span, new Counts(items, ages));
  }

  private static JsonObject of(Subject subject, Account account) {
    return ReportDocument.of(new Report(NOON, List.of(Report.Line.of(subject, account))))
        .getJsonArray("sources")
        .getJsonObject(0);
  }

  @Test
  void aPullSourceSaysWhatItCostItsUpstream() {
    Figures now =
        figures(
            Duration.ofMinutes(30),
            Map.of(
                Item.EVENTS, 10L,
                Item.EMPTY, 30L,
                Item.NEW, 10L,
                Item.REQUESTS, 45L,
                Item.RECEIVED, 5000L,
                Item.POLLING, 9_000_000_000L,
                Item.MISSED, 4L),
            TWO_SECONDS);
    Figures before = figures(Duration.ofHours(1), Map.of(Item.EMPTY, 3600L), Ages.NONE);

    JsonObject json =
        of(
            new Subject(
                "orders",
                "http-poll",
                "events",
                Optional.of(Every.Fixed.parse("30s")),
                Optional.of(Duration.ofSeconds(30)),
                Optional.of(new Counterpart("reconcile/for", "hook", true)),
                Optional.empty(),
                Optional.of(Duration.ofMillis(1500))),
            new Account(now, Optional.of(before)));

    assertThat(json)
        .isEqualTo(
            new JsonObject(
                """
                {"name": "orders", "type": "http-poll", "direction": "pull", "to": "events",
                 "intervalSeconds": 30.0, "silentSeconds": 1.5,
                 "since": "2026-05-01T12:00:00Z", "seconds": 1800.0,
                 "events": 10, "bytes": 0, "duplicates": 0,
                 "freshnessSeconds": {"mean": 2.0, "p50": 2.0, "p99": 2.98},
                 "missedByPush": 4,
                 "polls": {"answered": 40, "empty": 30, "more": 0, "failed": 0, "requests": 45,
                           "receivedBytes": 5000, "emptyShare": 0.75, "requestsPerNewEvent": 4.5,
                           "requestsPerHour": 90.0, "receivedBytesPerHour": 10000,
                           "secondsPerHour": 18.0},
                 "before": {"since": "2026-05-01T12:00:00Z", "seconds": 3600.0, "events": 0,
                            "bytes": 0, "duplicates": 0, "missedByPush": 0,
                            "polls": {"answered": 3600, "empty": 3600, "more": 0, "failed": 0,
                                      "requests": 0, "receivedBytes": 0, "emptyShare": 1.0,
                                      "requestsPerHour": 0.0, "receivedBytesPerHour": 0,
                                      "secondsPerHour": 0.0}},
                 "advice": "hook has missed 4 events, which this brought: find out where its sender loses them."}
                """));
  }

  @Test
  void aPushSourceHasNoPolls() {
    JsonObject json =
        of(
            new Subject(
                "hook",
                "http",
                "events",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()),
            new Account(
                figures(Duration.ofSeconds(9), Map.of(Item.EVENTS, 7L), Ages.NONE),
                Optional.empty()));

    assertThat(json.getString("direction")).isEqualTo("push");
    assertThat(json.getLong("events")).isEqualTo(7);
    assertThat(json.fieldNames())
        .doesNotContain("polls", "missedByPush", "before", "freshnessSeconds", "silentSeconds");
  }
}

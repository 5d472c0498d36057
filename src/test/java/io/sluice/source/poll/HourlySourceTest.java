package io.sluice.source.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Cursor;
import io.sluice.connector.Every;
import io.sluice.connector.Intake;
import io.sluice.connector.Polled;
import io.sluice.connector.Step;
import io.sluice.report.Account;
import io.sluice.report.Advice;
import io.sluice.report.Ages;
import io.sluice.report.Books;
import io.sluice.report.Figures;
import io.sluice.report.Item;
import io.sluice.report.Subject;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Meters;
import io.sluice.telemetry.Metric;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A source that changes once an hour: what the report says before and after its interval is learnt.
 */
class HourlySourceTest {
  private static final Every EACH_SECOND = Every.Fixed.parse("1s");
  private static final Every LEARNT =
      new Every.Adaptive(Duration.ofSeconds(1), Duration.ofMinutes(10));

  private final Meters meters = new Meters();
  private final Rig rig = new Rig();
  private final Books books = new Books(meters.registry(), new RigClock());

  private final class RigClock extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return rig.time.wall();
    }
  }

  @AfterEach
  void close() {
    meters.close();
  }

  @Test
  void theReportShowsRequestsPerNewEventAndFreshnessBeforeAndAfter() {
    rig.meters = meters.registry();
    rig.script = this::poll;
    rig.pass("400ms");
    run(EACH_SECOND);
    rig.pass("4h");
    rig.poller.stop(Duration.ofSeconds(1));
    run(LEARNT);
    rig.pass("24h");
    rig.pass("1s");

    Account account = books.accounts().get("orders");
    Figures before = account.before().orElseThrow();
    Figures after = account.now();
    show("every 1 s", before, EACH_SECOND);
    show("1 s to 10 min", after, LEARNT);
    assertThat(before.of(Item.EVENTS)).isBetween(3L, 4L);
    assertThat(before.requestsPerEvent().orElseThrow()).isBetween(3600.0, 4801.0);
    assertThat(before.counts().ages().quantile(0.99).orElseThrow())
        .isLessThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(advice(before, EACH_SECOND))
        .startsWith(
            "99 % of its polls find nothing and something new comes every 60 min: poll less");
    assertThat(after.of(Item.EVENTS)).isBetween(23L, 25L);
    assertThat(after.requestsPerEvent().orElseThrow()).isLessThan(10);
    assertThat(after.counts().ages().quantile(0.99).orElseThrow())
        .isBetween(Duration.ofMinutes(2), Duration.ofMinutes(10));
    assertThat(advice(after, LEARNT)).isEqualTo("Nothing stands out.");
  }

  /** Other settings, as a reload brings them. */
  private void run(Every every) {
    rig.every = every;
    books.begin(List.of("orders"));
    rig.start();
  }

  /** Asks what the latest hour is. */
  private Future<Polled> poll(Cursor cursor, Intake intake) {
    return rig.turns
        .turn("api.example.com:443")
        .compose(
            turn -> {
              turn.over(500, Duration.ZERO);
              Instant latest = rig.time.wall().truncatedTo(ChronoUnit.HOURS);
              Instant known = cursor.part("at").map(Instant::parse).orElse(latest);
              Step step = Step.set("at", latest.toString());
              return latest.isAfter(known)
                  ? intake.put(Rig.batch("a"), step).map(room -> stored(latest))
                  : Future.succeededFuture(Polled.all(step));
            });
  }

  /** Counted as a stream does. */
  private Polled stored(Instant happened) {
    Metric.FRESHNESS
        .timer(meters.registry(), Label.SOURCE.of("orders"), Label.STREAM.of("events"))
        .record(Duration.between(happened, rig.time.wall()));
    return Polled.all(Step.NONE);
  }

  private String advice(Figures figures, Every every) {
    Subject subject =
        new Subject(
            "orders",
            "http-poll",
            "events",
            Optional.of(every),
            rig.poller.standing().interval(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return Advice.on(subject, figures);
  }

  private void show(String what, Figures figures, Every every) {
    Ages ages = figures.counts().ages();
    System.out.printf(
        "%s: %.1f requests per new event, %.0f %% of polls empty, fresh %s mean, %s p50, %s p99;"
            + " %s%n",
        what,
        figures.requestsPerEvent().orElseThrow(),
        100 * figures.emptyShare().orElseThrow(),
        ages.mean().orElseThrow(),
        ages.quantile(0.5).orElseThrow(),
        ages.quantile(0.99).orElseThrow(),
        advice(figures, every));
  }
}

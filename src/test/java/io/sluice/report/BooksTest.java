package io.sluice.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tag;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Meters;
import io.sluice.telemetry.Metric;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BooksTest {
  private static final Tag ORDERS = Label.SOURCE.of("orders");
  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

  private final Meters meters = new Meters();
  private Instant now = NOON;
  private final Books books =
      new Books(
          meters.registry(),
          new Clock() {
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
              return now;
            }
          });

  @AfterEach
  void close() {
    meters.close();
  }

  private void poll(String outcome, int times) {
    Metric.POLLS.counter(meters.registry(), ORDERS, Label.OUTCOME.of(outcome)).increment(times);
    Metric.POLL_REQUESTS.counter(meters.registry(), ORDERS).increment(times);
    Metric.POLL_RECEIVED.counter(meters.registry(), ORDERS).increment(100 * times);
    Metric.POLL.timer(meters.registry(), ORDERS).record(Duration.ofMillis(20L * times));
  }

  private void kept(String stream, int events, Duration age) {
    Metric.EVENTS.counter(meters.registry(), ORDERS).increment(events);
    Metric.BYTES.counter(meters.registry(), ORDERS).increment(10 * events);
    for (int i = 0; i < events; i++) {
      Metric.FRESHNESS.timer(meters.registry(), ORDERS, Label.STREAM.of(stream)).record(age);
    }
  }

  private Figures figures() {
    return books.accounts().get("orders").now();
  }

  @Test
  void readsWhatASourceHasCounted() {
    books.begin(List.of("orders"));
    poll("empty", 90);
    poll("new", 10);
    poll("stopped", 3);
    kept("events", 20, Duration.ofMillis(300));
    Metric.DUPLICATES.counter(meters.registry(), ORDERS, Label.STREAM.of("events")).increment(20);
    Metric.EVENTS.counter(meters.registry(), Label.STREAM.of("events")).increment(999);
    now = NOON.plusSeconds(1800);

    assertThat(figures().since()).isEqualTo(NOON);
    assertThat(figures().of(Item.EVENTS)).isEqualTo(20);
    assertThat(figures().of(Item.BYTES)).isEqualTo(200);
    assertThat(figures().emptyShare()).hasValue(0.9);
    assertThat(figures().duplicateShare()).hasValue(0.5);
    assertThat(figures().requestsPerEvent()).hasValue(103 / 20.0);
    assertThat(figures().anHour(Item.RECEIVED)).isEqualTo(20_600);
    assertThat(figures().anHour(Item.POLLING)).isEqualTo(4.12e9);
    assertThat(books.accounts()).containsOnlyKeys("orders");
  }

  @Test
  void agesLieBetweenTheBoundsOfTheHistogram() {
    books.begin(List.of("orders"));
    kept("events", 98, Duration.ofMillis(70));
    kept("more", 2, Duration.ofMinutes(7));

    Ages ages = figures().counts().ages();
    assertThat(ages.quantile(0.5).orElseThrow())
        .isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
    assertThat(ages.quantile(0.99).orElseThrow())
        .isBetween(Duration.ofMinutes(5), Duration.ofMinutes(10));
    assertThat(ages.mean().orElseThrow().toMillis()).isEqualTo((98 * 70 + 2 * 420_000) / 100);
  }

  @Test
  void whatIsOlderThanTheLargestBoundCountsAsThatOld() {
    books.begin(List.of("orders"));
    kept("events", 3, Duration.ofDays(900));

    assertThat(figures().counts().ages().quantile(0.99)).contains(Duration.ofDays(1));
  }

  @Test
  void otherSettingsBeginANewPageAndTheOneBeforeStaysBesideIt() {
    books.begin(List.of("orders", "app"));
    poll("empty", 3600);
    kept("events", 1, Duration.ofMillis(900));
    now = NOON.plusSeconds(3600);
    books.begin(List.of("orders"));
    poll("new", 7);
    kept("events", 1, Duration.ofMinutes(4));
    now = NOON.plusSeconds(7200);

    Account account = books.accounts().get("orders");
    assertThat(account.now().requestsPerEvent()).hasValue(7);
    assertThat(account.now().since()).isEqualTo(NOON.plusSeconds(3600));
    assertThat(account.now().counts().ages().count()).isOne();
    Figures before = account.before().orElseThrow();
    assertThat(before.requestsPerEvent()).hasValue(3600);
    assertThat(before.span()).isEqualTo(Duration.ofHours(1));
    assertThat(books.accounts().get("app").before()).isEmpty();
    assertThat(books.accounts().get("app").now().since()).isEqualTo(NOON);
  }

  @Test
  void aSourceThatIsGoneHasNoFiguresAndBeginsWithoutThem() {
    books.begin(List.of("orders"));
    poll("empty", 5);
    books.end(List.of("orders"));
    assertThat(books.accounts()).isEmpty();

    books.begin(List.of("orders"));
    assertThat(figures().answered()).isZero();
    assertThat(books.accounts().get("orders").before()).isEmpty();
  }

  @Test
  void whereNothingIsRequestedThereAreNoRequestsPerEvent() {
    books.begin(List.of("orders"));
    kept("events", 2, Duration.ofMillis(1));

    assertThat(figures().requestsPerEvent()).isEmpty();
  }

  @Test
  void withoutAnythingThereIsNothingToDivide() {
    books.begin(List.of("orders"));

    assertThat(figures().emptyShare()).isEmpty();
    assertThat(figures().requestsPerEvent()).isEmpty();
    assertThat(figures().anHour(Item.REQUESTS)).isZero();
    assertThat(figures().counts().ages().quantile(0.5)).isEmpty();
    assertThat(figures().counts().ages().mean()).isEmpty();
  }
}

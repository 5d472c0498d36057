package io.sluice.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Counterpart;
import io.sluice.connector.Every;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AdviceTest {
  private static final Every HALF_MINUTE = Every.Fixed.parse("30s");
  private static final Every LEARNT =
      new Every.Adaptive(Duration.ofSeconds(1), Duration.ofMinutes(10));

  private final Map<Item, Long> items = new EnumMap<>(Item.class);
  private Optional<Every> every = Optional.of(HALF_MINUTE);
  private Optional<Duration> interval = Optional.of(Duration.ofSeconds(30));
  private Optional<Counterpart> counterpart = Optional.empty();
  private Optional<String> trouble = Optional.empty();
  private Optional<Duration> silent = Optional.of(Duration.ZERO);
  private Duration span = Duration.ofHours(10);
  private Ages ages = Ages.NONE;

  private AdviceTest of(Item item, long count) {
    items.put(item, count);
    return this;
  }

  private AdviceTest push() {
    every = Optional.empty();
    interval = Optional.empty();
    return this;
  }

  private AdviceTest reconciling() {
    counterpart = Optional.of(new Counterpart("reconcile/for", "hook", true));
    return this;
  }

  /** All events are that old. */
  private AdviceTest aged(Duration age, long events) {
    TreeMap<Long, Long> within = new TreeMap<>();
    within.put(age.toNanos() - 1, 0L);
    within.put(age.toNanos(), events);
    ages = new Ages(events, (double) age.toNanos() * events, within);
    return of(Item.EVENTS, events);
  }

  private String advice() {
    return Advice.on(
        new Subject("orders", "http-poll", "events", every, interval, counterpart, trouble, silent),
        new Figures(Instant.EPOCH, span, new Counts(items, ages)));
  }

  @Test
  void whereNothingIsWrongItSaysSo() {
    assertThat(advice()).isEqualTo("Nothing stands out.");
    assertThat(of(Item.NEW, 400).of(Item.EMPTY, 800).of(Item.EVENTS, 900).advice())
        .isEqualTo("Nothing stands out.");
    assertThat(push().of(Item.RECEIPTS, 9000).of(Item.EVENTS, 9000).advice())
        .isEqualTo("Nothing stands out.");
  }

  @Test
  void aTroubleComesBeforeEverything() {
    trouble = Optional.of("unauthorized: 401");
    assertThat(of(Item.EMPTY, 1000).advice()).isEqualTo("See to this first: unauthorized: 401.");
  }

  @Test
  void pollsThatFailAreNamedFromOneInFiveOn() {
    assertThat(of(Item.NEW, 60).of(Item.FAILED, 40).advice()).startsWith("40 % of its polls fail");
    assertThat(of(Item.NEW, 90).of(Item.FAILED, 10).advice()).isEqualTo("Nothing stands out.");
    assertThat(of(Item.NEW, 1).of(Item.FAILED, 4).advice()).isEqualTo("Nothing stands out.");
  }

  @Test
  void aPushSourceToWhichNobodyCameIsNamedAfterAnHour() {
    assertThat(push().advice()).startsWith("Nothing has come since it was started 10 h ago");
    span = Duration.ofMinutes(59);
    assertThat(advice()).isEqualTo("Nothing stands out.");
  }

  @Test
  void aPushSourceThatWentSilentIsNamed() {
    silent = Optional.of(Duration.ofHours(3));
    assertThat(push().of(Item.RECEIPTS, 1000).advice())
        .isEqualTo(
            "It went silent 3 h ago, and something came every 25 s before: look at its clients.");

    assertThat(of(Item.RECEIPTS, 21).advice()).isEqualTo("Nothing stands out.");
    silent = Optional.of(Duration.ofMinutes(4));
    assertThat(of(Item.RECEIPTS, 100_000).advice()).isEqualTo("Nothing stands out.");
  }

  @Test
  void silenceFromBeforeItsSettingsSaysNothing() {
    silent = Optional.of(Duration.ofHours(11));
    assertThat(push().of(Item.RECEIPTS, 1000).advice()).isEqualTo("Nothing stands out.");
  }

  @Test
  void whatThePushMissedIsNamed() {
    assertThat(reconciling().of(Item.MISSED, 7).of(Item.DUPLICATES, 900).advice())
        .startsWith("hook has missed 7 events");
  }

  @Test
  void aReconcileThatFoundNothingMissedForADayIsTooMuch() {
    span = Duration.ofDays(3);
    assertThat(reconciling().of(Item.KNOWN, 900).of(Item.DUPLICATES, 9000).advice())
        .isEqualTo("hook has missed nothing in 3 days: polling less often would do.");
    span = Duration.ofHours(23);
    assertThat(advice()).isEqualTo("Nothing stands out.");
  }

  @Test
  void repeatsAreNamedWhenTheyAreMostOfWhatItBrings() {
    assertThat(of(Item.EVENTS, 100).of(Item.DUPLICATES, 300).advice())
        .startsWith("75 % of what it brings is there already: a cursor");
    assertThat(push().of(Item.RECEIPTS, 400).advice()).contains("clients send again");
    assertThat(of(Item.DUPLICATES, 90).advice()).isEqualTo("Nothing stands out.");
    assertThat(of(Item.EVENTS, 10).of(Item.DUPLICATES, 30).advice())
        .isEqualTo("Nothing stands out.");
  }

  @Test
  void pollsThatNeverReachTheEndAreNamed() {
    assertThat(of(Item.NEW, 100).of(Item.MORE, 95).advice())
        .startsWith("95 % of its polls leave more behind");
    assertThat(of(Item.MORE, 50).advice()).isEqualTo("Nothing stands out.");
  }

  @Test
  void aFixedIntervalThatMostlyFindsNothingIsTooShort() {
    assertThat(of(Item.EMPTY, 1190).of(Item.NEW, 10).advice())
        .isEqualTo(
            "99 % of its polls find nothing and something new comes every 60 min: poll less often"
                + " than every 30 s, or let it learn how often with a min and a max.");
    assertThat(of(Item.EMPTY, 19).of(Item.NEW, 0).advice()).isEqualTo("Nothing stands out.");
  }

  @Test
  void aLearntIntervalIsLeftAloneUnlessItIsAtItsLongest() {
    every = Optional.of(LEARNT);
    interval = Optional.of(Duration.ofMinutes(5));
    assertThat(of(Item.EMPTY, 95).of(Item.NEW, 5).advice()).isEqualTo("Nothing stands out.");
    interval = Optional.of(Duration.ofMinutes(10));
    assertThat(advice()).endsWith("a max longer than 10 min would do.");
    assertThat(of(Item.EMPTY, 85).of(Item.NEW, 15).advice()).isEqualTo("Nothing stands out.");
  }

  @Test
  void aCronExpressionWithTooManyMomentsIsNamed() {
    every = Optional.of(new Every.Cron("* * * * *", "UTC"));
    interval = Optional.empty();
    assertThat(of(Item.EMPTY, 600).advice())
        .isEqualTo(
            "100 % of its polls find nothing: fewer moments in its cron expression would do.");
  }

  @Test
  void agesThatTheIntervalDoesNotExplainAreNamed() {
    assertThat(aged(Duration.ofSeconds(69), 50).advice()).isEqualTo("Nothing stands out.");
    assertThat(aged(Duration.ofMinutes(20), 50).advice())
        .startsWith(
            "One event in a hundred is 20 min old when it is stored, and a poll every 30 s");

    every = Optional.of(LEARNT);
    interval = Optional.of(Duration.ofSeconds(1));
    assertThat(advice()).isEqualTo("Nothing stands out.");
    assertThat(aged(Duration.ofMinutes(30), 50).advice()).contains("a poll every 10 min");
  }

  @Test
  void clientsThatHoldEventsBackAreNamed() {
    assertThat(push().of(Item.RECEIPTS, 50).aged(Duration.ofMinutes(3), 50).advice())
        .startsWith("One event in a hundred is 3 min old when it is stored: clients");
    assertThat(aged(Duration.ofSeconds(59), 50).advice()).isEqualTo("Nothing stands out.");
  }
}

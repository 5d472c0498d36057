package io.sluice.source.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Every;
import io.sluice.connector.PollException;
import io.sluice.connector.Polled;
import io.sluice.connector.Step;
import io.sluice.harness.MaxLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

@MaxLog(Level.WARN)
class TickingTest {
  private final Rig rig = new Rig();

  @Test
  void pollsAtTheStartAndThenFromStartToStart() {
    rig.script = (cursor, intake) -> later(Duration.ofSeconds(3), Polled.all(Step.NONE));
    rig.start().pass("60s");

    assertThat(rig.polls()).isEqualTo(7);
    assertThat(ScriptedPoll.gaps(rig.polled)).containsOnly(10_000L);
  }

  private Future<Polled> later(Duration delay, Polled what) {
    Promise<Polled> promise = Promise.promise();
    rig.time.after(delay, () -> promise.complete(what));
    return promise.future();
  }

  @Test
  void aTickWhileAPollRunsIsSkippedAndCounted() {
    rig.script =
        (cursor, intake) -> {
          intake.alive();
          return later(Duration.ofSeconds(25), Polled.all(Step.NONE));
        };
    rig.start().pass("90s");

    assertThat(ScriptedPoll.gaps(rig.polled)).containsOnly(30_000L);
    assertThat(rig.skipped("running")).isEqualTo(6);
  }

  @Test
  void afterStandingStillForAnHourThereIsOnePollAndNoBurst() {
    rig.start().pass("1s");
    rig.time.stall(Duration.ofHours(1));
    rig.pass("1ms");

    assertThat(rig.polls()).isEqualTo(2);
    rig.pass("10s");
    assertThat(rig.polls()).isEqualTo(3);
  }

  @Test
  void aWallClockThatJumpsChangesNothingForAnInterval() {
    rig.start();
    rig.time.jump(Duration.ofDays(3));
    rig.pass("5s");
    rig.time.jump(Duration.ofDays(-9));
    rig.pass("55s");

    assertThat(ScriptedPoll.gaps(rig.polled)).hasSize(6).containsOnly(10_000L);
  }

  @Test
  void jitterPutsEachTickOffWithoutMovingTheOthers() {
    rig.jitter = Optional.of(Duration.ofSeconds(4));
    rig.random = 0.25;
    rig.start().pass("30s");
    rig.random = 0.75;
    rig.pass("30s");

    List<Long> seconds = new ArrayList<>();
    for (long moment : rig.polled) {
      seconds.add((moment - rig.time.nanos()) / 1_000_000_000 + 60);
    }
    assertThat(seconds).containsExactly(1L, 11L, 21L, 31L, 43L, 53L);
  }

  @Test
  void withoutAWordOnJitterItIsATenthOfTheInterval() {
    rig.jitter = Optional.empty();
    rig.random = 0.999;
    rig.start().pass("900ms");
    assertThat(rig.polls()).isZero();
    rig.pass("100ms");
    assertThat(rig.polls()).isOne();
  }

  @Test
  void pollsAgainAtOnceWhileThereIsMore() {
    List<Integer> pages = new ArrayList<>(List.of(1, 2, 3));
    rig.script =
        (cursor, intake) -> {
          if (pages.isEmpty()) {
            return Rig.empty();
          }
          Step step = Step.set("page", pages.remove(0).toString());
          return intake.put(Rig.batch("a"), step).map(room -> Polled.more(Step.NONE));
        };
    rig.start().pass("100ms");

    assertThat(rig.polls()).isEqualTo(4);
  }

  @Test
  void moreOfTheSameAgainAndAgainIsStoppedAndSaid() {
    rig.script =
        (cursor, intake) ->
            intake.put(Rig.batch("a"), Step.set("page", "1")).map(room -> Polled.more(Step.NONE));
    rig.start().pass("60s");

    assertThat(rig.polls()).isEqualTo(4);
    assertThat(rig.state()).isEqualTo("degraded");
    assertThat(rig.poller.standing().trouble())
        .hasValueSatisfying(why -> assertThat(why).startsWith("cursor-stuck"));
    assertThat(rig.count("sluice.poll.failures", "reason", "cursor-stuck")).isOne();
  }

  @Test
  void withoutCreditNothingIsAskedAndTheTickCounted() {
    rig.inlet.free = Run.BATCH - 1;
    rig.start().pass("25s");

    assertThat(rig.polls()).isZero();
    assertThat(rig.skipped("no-credit")).isEqualTo(3);

    rig.inlet.grant(1);
    rig.pass("10s");
    assertThat(rig.polls()).isOne();
  }

  @Test
  void aDayIsNotLostForAMomentWithoutCredit() {
    rig.every = new Every.Cron("0 6 * * *", "UTC");
    rig.inlet.free = 0;
    rig.start().pass("6h");
    rig.pass("1s");
    assertThat(rig.skipped("no-credit")).isOne();

    rig.inlet.grant(1 << 20);
    rig.pass("20s");

    assertThat(rig.polls()).isOne();
  }

  @Test
  void cronTicksWhenTheClockInItsZoneSaysSo() {
    rig.every = new Every.Cron("30 6 * * *", "Europe/Berlin");
    rig.start().pass("4h");
    assertThat(rig.polls()).isZero();
    rig.pass("30m");
    assertThat(rig.polls()).isOne();
    rig.pass("48h");
    assertThat(rig.polls()).isEqualTo(3);
  }

  @Test
  void aClockThatJumpsOverManyCronMomentsMakesOneTick() {
    rig.every = new Every.Cron("*/5 * * * *", "UTC");
    rig.start().pass("5m");
    rig.pass("1s");
    assertThat(rig.polls()).isOne();

    rig.time.jump(Duration.ofHours(10));
    rig.pass("2m");
    assertThat(rig.polls()).isEqualTo(2);
  }

  @Test
  void aClockThatIsSetBackALittleRepeatsNoCronTickAndOneSetBackFarGoesOn() {
    rig.every = new Every.Cron("*/5 * * * *", "UTC");
    rig.start().pass("6m");
    rig.time.jump(Duration.ofMinutes(-3));
    rig.pass("5m");
    assertThat(rig.polls()).isOne();

    rig.time.jump(Duration.ofDays(-2));
    rig.pass("6m");
    assertThat(rig.polls()).isEqualTo(2);
  }

  @Test
  void aSourceThatChangesOnceAnHourSettlesWithinADay() {
    rig.every = new Every.Adaptive(Duration.ofSeconds(1), Duration.ofMinutes(10));
    List<Instant> seen = new ArrayList<>();
    List<Duration> waits = new ArrayList<>();
    rig.script =
        (cursor, intake) -> {
          Instant latest = rig.time.wall().truncatedTo(java.time.temporal.ChronoUnit.HOURS);
          Instant known = cursor.part("at").map(Instant::parse).orElse(latest);
          if (!latest.isAfter(known)) {
            return Future.succeededFuture(Polled.all(Step.set("at", known.toString())));
          }
          seen.add(latest);
          waits.add(Duration.between(latest, rig.time.wall()));
          return intake
              .put(Rig.batch("a"), Step.set("at", latest.toString()))
              .map(room -> Polled.all(Step.NONE));
        };
    rig.start().pass("12h");
    int settled = rig.polls();
    int before = seen.size();
    rig.pass("12h");

    double perEvent = (rig.polls() - settled) / (double) (seen.size() - before);
    Duration mean =
        Duration.ofMillis((long) waits.stream().mapToLong(Duration::toMillis).average().orElse(0));
    List<Long> gaps = ScriptedPoll.gaps(rig.polled.subList(settled, rig.polls()));
    System.out.printf(
        "adaptive: settled at %d to %d s, %.1f requests per new event (fixed 1s: 3600), mean"
            + " freshness %d s, %d requests in the first hour%n",
        gaps.stream().mapToLong(gap -> gap / 1000).min().orElse(0),
        gaps.stream().mapToLong(gap -> gap / 1000).max().orElse(0),
        perEvent,
        mean.toSeconds(),
        rig.polled.stream().filter(at -> at < Duration.ofHours(1).toNanos()).count());
    assertThat(seen).hasSizeBetween(23, 24);
    assertThat(perEvent).isLessThan(10);
    assertThat(gaps).allMatch(gap -> gap >= 250_000 && gap <= 601_000);
  }

  @Test
  void aSourceInAnothersPlaceGoesOnWithTheIntervalThatOneHadLearnt() {
    rig.every = new Every.Adaptive(Duration.ofSeconds(1), Duration.ofMinutes(10));
    rig.start().pass("1h");
    rig.poller.stop(Duration.ofSeconds(1));
    rig.polled.clear();

    rig.timeout = Duration.ofSeconds(20);
    rig.start();
    assertThat(rig.poller.standing().interval()).contains(Duration.ofMinutes(10));
    rig.pass("599s");
    assertThat(rig.polls()).isOne();
    rig.pass("1s");
    assertThat(rig.polls()).isEqualTo(2);

    rig.poller.stop(Duration.ofSeconds(1));
    rig.every = new Every.Adaptive(Duration.ofSeconds(2), Duration.ofMinutes(10));
    rig.polled.clear();
    rig.start().pass("3s");
    assertThat(rig.polls()).isEqualTo(2);
  }

  @Test
  void aBurstBringsTheIntervalDownQuickly() {
    AdaptiveTimetable times =
        new AdaptiveTimetable(new Every.Adaptive(Duration.ofSeconds(1), Duration.ofMinutes(10)), 0);
    Timetable.Lesson nothing = new Timetable.Lesson(false, false, Duration.ofMillis(5));
    Timetable.Lesson found = new Timetable.Lesson(true, false, Duration.ofMillis(5));
    for (int i = 0; i < 40; i++) {
      times.learn(nothing);
    }
    assertThat(times.interval()).contains(Duration.ofMinutes(10));

    for (int i = 0; i < 10; i++) {
      times.learn(found);
    }
    assertThat(times.interval()).contains(Duration.ofSeconds(1));
  }

  @Test
  void anUpstreamThatGetsSlowerIsAskedLessOftenThoughItHasNews() {
    AdaptiveTimetable times =
        new AdaptiveTimetable(new Every.Adaptive(Duration.ofSeconds(1), Duration.ofMinutes(10)), 0);
    for (int i = 0; i < 10; i++) {
      times.learn(new Timetable.Lesson(true, false, Duration.ofMillis(80)));
    }
    times.learn(new Timetable.Lesson(true, false, Duration.ofMillis(900)));

    assertThat(times.interval()).contains(Duration.ofSeconds(2));
  }

  @Test
  void anUpstreamThatSaysTooManyRequestsIsAskedLessOften() {
    rig.every = new Every.Adaptive(Duration.ofSeconds(1), Duration.ofMinutes(10));
    rig.script =
        (cursor, intake) ->
            Future.failedFuture(
                PollException.passing("too-many-requests", "429").pausing(Duration.ofSeconds(3)));
    rig.start();

    assertThat(rig.poller.standing().interval()).contains(Duration.ofSeconds(2));
    rig.pass("2s");
    assertThat(rig.polls()).isOne();
    rig.pass("1s");
    assertThat(rig.polls()).isEqualTo(2);
  }
}

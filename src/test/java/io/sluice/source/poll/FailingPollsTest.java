package io.sluice.source.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Every;
import io.sluice.connector.PollException;
import io.sluice.connector.PollSettings.PollRetry;
import io.sluice.connector.Polled;
import io.sluice.connector.Step;
import io.sluice.harness.LogHeard;
import io.sluice.harness.MaxLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

@MaxLog(Level.ERROR)
class FailingPollsTest {
  private final Rig rig = new Rig();

  private static Future<Polled> down() {
    return Future.failedFuture(PollException.passing("connect", "nobody answers"));
  }

  @Test
  void triesAgainSoonerThanTheNextTickWithFullJitter() {
    rig.every = Every.Fixed.parse("1m");
    List<Future<Polled>> answers = new ArrayList<>(List.of(down(), down(), Rig.empty()));
    rig.script = (cursor, intake) -> answers.isEmpty() ? Rig.empty() : answers.remove(0);
    rig.start().pass("50s");

    assertThat(ScriptedPoll.gaps(rig.polled)).containsExactly(500L, 1000L);
    assertThat(rig.state()).isEqualTo("running");
  }

  @Test
  void anUpstreamThatStaysDownOpensTheCircuitAndIsAskedRarely() {
    rig.every = Every.Fixed.parse("1s");
    rig.script = (cursor, intake) -> down();
    rig.start().pass("1h");

    assertThat(rig.polls()).isLessThan(30);
    assertThat(rig.skipped("circuit-open")).isGreaterThan(3000);
    assertThat(rig.state()).isEqualTo("degraded");
    assertThat(rig.poller.standing().trouble()).contains("connect: nobody answers");
  }

  @Test
  void oneSuccessClosesTheCircuitAndTheIntervalHoldsAgain() {
    rig.every = Every.Fixed.parse("1s");
    rig.script = (cursor, intake) -> down();
    rig.start().pass("10m");
    rig.script = (cursor, intake) -> Rig.empty();
    rig.pass("5m");
    int before = rig.polls();
    rig.pass("60s");

    assertThat(rig.polls() - before).isEqualTo(60);
    assertThat(rig.state()).isEqualTo("running");
  }

  @Test
  void wrongCredentialsAreNoReasonToAskAgainAndAgain() {
    rig.every = Every.Fixed.parse("1s");
    rig.script =
        (cursor, intake) ->
            Future.failedFuture(PollException.lasting("unauthorized", "status 401"));
    rig.start().pass("1h");

    assertThat(rig.polls()).isLessThan(20);
    assertThat(rig.state()).isEqualTo("degraded");
  }

  @Test
  void eachDistinctFailureIsSaidOnceAndThatItIsOverOnce() {
    rig.every = Every.Fixed.parse("1s");
    List<Future<Polled>> answers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      answers.add(down());
      answers.add(Future.failedFuture(PollException.passing("status", "status 500")));
    }
    rig.script = (cursor, intake) -> answers.isEmpty() ? Rig.empty() : answers.remove(0);
    try (LogHeard log = LogHeard.of(Troubles.class)) {
      rig.start().pass("10m");

      assertThat(log.lines().stream().filter(line -> line.contains("poll failed"))).hasSize(2);
      assertThat(log.lines().stream().filter(line -> line.contains("succeed again"))).hasSize(1);
    }
  }

  @Test
  void aPauseThatWasAskedForIsHonouredUpToAnHour() {
    rig.script =
        (cursor, intake) ->
            Future.failedFuture(
                PollException.passing("too-many-requests", "429").pausing(Duration.ofHours(9)));
    rig.start().pass("59m");
    assertThat(rig.polls()).isOne();
    rig.pass("2m");
    assertThat(rig.polls()).isEqualTo(2);
    assertThat(rig.skipped("asked-to-wait")).isGreaterThan(300);
  }

  @Test
  void aPauseWithAnAnswerPutsOffTheTicksWithinAndNoMore() {
    rig.script =
        (cursor, intake) ->
            Future.succeededFuture(Polled.all(Step.NONE).pausing(Duration.ofSeconds(13)));
    rig.start().pass("40s");

    assertThat(ScriptedPoll.gaps(rig.polled)).containsOnly(13_000L);
    rig.script = (cursor, intake) -> Rig.empty();
    rig.pass("30s");
  }

  @Test
  void anUpstreamThatSaysNothingForTooLongIsGivenUpAndAnotherPollMade() {
    rig.script = (cursor, intake) -> Promise.<Polled>promise().future();
    rig.start().pass("31s");

    assertThat(rig.closed).isOne();
    assertThat(rig.count("sluice.poll.failures", "reason", "timeout")).isOne();
    rig.script = (cursor, intake) -> Rig.empty();
    rig.pass("60s");
    assertThat(rig.state()).isEqualTo("running");
  }

  @Test
  void signsOfLifeKeepASlowPollGoing() {
    Promise<Polled> end = Promise.promise();
    rig.script =
        (cursor, intake) -> {
          for (int i = 1; i < 10; i++) {
            rig.time.after(Duration.ofSeconds(20L * i), intake::alive);
          }
          rig.time.after(Duration.ofSeconds(185), () -> end.complete(Polled.all(Step.NONE)));
          return end.future();
        };
    rig.start().pass("186s");

    assertThat(rig.outcome("empty")).isOne();
    assertThat(rig.closed).isZero();
  }

  @Test
  void aConnectorThatThrowsIsAFailureLikeOthersAndSaidWithItsStack() {
    rig.script =
        (cursor, intake) -> {
          throw new IllegalStateException("bug");
        };
    rig.start().pass("60s");

    assertThat(rig.count("sluice.poll.failures", "reason", "internal")).isPositive();
    assertThat(rig.polls()).isLessThan(15);
  }

  @Test
  void aConnectorThatDoesNotEndWhenToldToIsLeftBehind() {
    rig.script = (cursor, intake) -> Promise.<Polled>promise().future();
    rig.start();
    var stopped = rig.poller.stop(Duration.ofSeconds(20));
    rig.pass("20s");

    assertThat(stopped.isComplete()).isTrue();
  }

  @Test
  void retriesAreAShareOfPollsAndEndWhenTheBudgetIsSpent() {
    Recovery recovery =
        new Recovery(new PollRetry(Duration.ofSeconds(1), Duration.ofMinutes(5)), () -> 0.5);
    int retries = 0;
    for (int i = 0; i < 30; i++) {
      retries += recovery.failed(false).retries() ? 1 : 0;
      recovery.succeeded();
    }

    assertThat(retries).isBetween(10, 16);
  }

  @Test
  void waitsDoubleUpToTheMost() {
    Recovery recovery =
        new Recovery(new PollRetry(Duration.ofSeconds(1), Duration.ofSeconds(60)), () -> 0.999999);
    List<Long> seconds = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      seconds.add(recovery.failed(false).after().plusMillis(1).toSeconds());
    }

    assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L);
  }
}

package io.sluice.source.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Polled;
import io.sluice.connector.Step;
import io.sluice.connector.Turn;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MannersTest {
  private final Rig rig = new Rig();
  private final List<Turn> turns = new ArrayList<>();

  private Future<Turn> stand(String host) {
    return rig.hosts.turn(host, Runnable::run).onSuccess(turns::add);
  }

  @Test
  void aHostIsAskedByOneAtATimeInTheOrderTheyCame() {
    stand("a:80");
    stand("a:80");
    stand("b:80");
    assertThat(turns).hasSize(2);

    turns.get(0).over(10, Duration.ZERO);

    assertThat(turns).hasSize(3);
  }

  @Test
  void aShortPauseHoldsForEverybodyAndIsWaitedFor() {
    stand("a:80");
    turns.get(0).over(10, Duration.ofSeconds(3));
    stand("a:80");
    rig.pass("2s");
    assertThat(turns).hasSize(1);

    rig.pass("1s");
    assertThat(turns).hasSize(2);
  }

  @Test
  void aLongPauseSendsEverybodyAwayUntilItIsOver() {
    stand("a:80");
    Future<Turn> second = stand("a:80");
    turns.get(0).over(10, Duration.ofMinutes(5));

    assertThat(second.cause()).isInstanceOf(DeferredException.class);
    assertThat(stand("a:80").cause()).hasMessageContaining("300 s");
    rig.pass("5m");
    assertThat(stand("a:80").succeeded()).isTrue();
  }

  @Test
  void anotherSourcesPauseKeepsThisOneFromAskingAndFailsNothing() {
    stand("a:80");
    turns.get(0).over(0, Duration.ofSeconds(60));
    rig.script =
        (cursor, intake) ->
            rig.turns
                .turn("a:80")
                .map(
                    turn -> {
                      turn.over(100, Duration.ZERO);
                      return Polled.all(Step.NONE);
                    });
    rig.start().pass("59s");
    assertThat(rig.outcome("deferred")).isOne();
    assertThat(rig.skipped("asked-to-wait")).isEqualTo(5);
    assertThat(rig.state()).isEqualTo("running");

    rig.pass("2s");
    assertThat(rig.outcome("empty")).isOne();
  }

  @Test
  void aPollThatLeavesItsTurnOpenGivesItBackAtItsEnd() {
    rig.script = (cursor, intake) -> rig.turns.turn("a:80").map(turn -> Polled.all(Step.NONE));
    rig.start();

    assertThat(stand("a:80").succeeded()).isTrue();
  }

  @Test
  void standingInLineIsNoSilenceOfTheUpstream() {
    stand("a:80");
    rig.script = (cursor, intake) -> rig.turns.turn("a:80").map(turn -> Polled.all(Step.NONE));
    rig.start().pass("5m");
    assertThat(rig.outcome("failed")).isZero();

    turns.get(0).over(0, Duration.ZERO);
    assertThat(rig.outcome("empty")).isOne();
  }

  @Test
  void aTurnThatComesAfterThePollWasEndedIsGivenBack() {
    stand("a:80");
    rig.script =
        (cursor, intake) ->
            rig.turns.turn("a:80").compose(turn -> Promise.<Polled>promise().future());
    rig.start();
    rig.poller.pause();
    turns.get(0).over(0, Duration.ZERO);

    assertThat(stand("a:80").succeeded()).isTrue();
  }

  @Test
  void notMoreRequestsThanTheHourAllows() {
    rig.requestsPerHour = Optional.of(20);
    rig.script =
        (cursor, intake) ->
            rig.turns
                .turn("a:80")
                .map(
                    turn -> {
                      turn.over(100, Duration.ZERO);
                      return Polled.all(Step.NONE);
                    });
    rig.start().pass("55m");
    assertThat(rig.polls()).isEqualTo(20);
    assertThat(rig.skipped("hourly-budget")).isGreaterThan(300);

    rig.pass("10m");
    assertThat(rig.polls()).isEqualTo(40);
    assertThat(rig.state()).isEqualTo("running");
  }

  @Test
  void aPollThatRunsOutOfTheHoursRequestsGoesOnWithTheNextHour() {
    rig.requestsPerHour = Optional.of(1);
    rig.script =
        (cursor, intake) ->
            rig.turns
                .turn("a:80")
                .compose(
                    turn -> {
                      turn.over(100, Duration.ZERO);
                      return intake.put(Rig.batch("a"), Step.set("page", "1"));
                    })
                .compose(room -> rig.turns.turn("a:80"))
                .map(turn -> Polled.all(Step.NONE));
    rig.start();

    assertThat(rig.leases.commits).hasSize(1);
    assertThat(rig.outcome("deferred")).isOne();
    assertThat(rig.state()).isEqualTo("running");
  }

  @Test
  void requestsAndBytesAreCounted() {
    rig.script =
        (cursor, intake) ->
            rig.turns
                .turn("a:80")
                .map(
                    turn -> {
                      turn.over(4711, Duration.ZERO);
                      turn.over(4711, Duration.ZERO);
                      return Polled.all(Step.NONE);
                    });
    rig.start();

    assertThat(rig.meters.get("sluice.poll.requests").counter().count()).isOne();
    assertThat(rig.meters.get("sluice.poll.received.bytes").counter().count()).isEqualTo(4711);
  }
}

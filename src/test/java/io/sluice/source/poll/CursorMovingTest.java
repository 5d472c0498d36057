package io.sluice.source.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Cursor;
import io.sluice.connector.Intake;
import io.sluice.connector.PollException;
import io.sluice.connector.PollSettings.CursorLoss;
import io.sluice.connector.Polled;
import io.sluice.connector.Step;
import io.sluice.harness.LogHeard;
import io.sluice.harness.MaxLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

@MaxLog(Level.ERROR)
class CursorMovingTest {
  private final Rig rig = new Rig();

  private static Cursor at(int line) {
    return Cursor.of(Map.of("line", Integer.toString(line)));
  }

  private static Step step(int line) {
    return Step.set("line", Integer.toString(line));
  }

  /** Puts batches until a put fails. */
  private static Future<Polled> lines(Intake intake, int from, int to) {
    if (from > to) {
      return Future.succeededFuture(Polled.all(Step.NONE));
    }
    return intake
        .put(Rig.batch("line " + from), step(from))
        .compose(room -> lines(intake, from + 1, to));
  }

  @Test
  void theCursorMovesOverReceiptsWithoutAGapHoweverTheyCome() {
    rig.inlet.answering = false;
    rig.script = (cursor, intake) -> lines(intake, 1, 4);
    rig.start();

    rig.inlet.keep(1);
    rig.inlet.keep(3);
    assertThat(rig.leases.commits).isEmpty();
    rig.inlet.keep(0);
    assertThat(rig.leases.commits).containsExactly(at(2));
    rig.inlet.keep(2);
    assertThat(rig.leases.commits).containsExactly(at(2), at(4));
    assertThat(rig.outcome("new")).isOne();
  }

  @Test
  void whileACursorIsWrittenLaterOnesWaitAndTheLatestFollowsAfterFourTimesAsLong() {
    rig.leases.slow = true;
    rig.script = (cursor, intake) -> lines(intake, 1, 50);
    rig.start();
    assertThat(rig.leases.writing()).isOne();

    rig.pass("9ms");
    rig.leases.write();
    rig.pass("39ms");
    assertThat(rig.leases.writing()).isZero();
    rig.pass("1ms");
    assertThat(rig.leases.writing()).isOne();
    rig.leases.write();

    assertThat(rig.leases.commits).containsExactly(at(1), at(50));
    assertThat(rig.count("sluice.cursor.commits", "outcome", "saved")).isEqualTo(2);
  }

  @Test
  void whoeverStopsTheSourceWaitsForNoPauseBetweenCursors() {
    rig.leases.slow = true;
    rig.script = (cursor, intake) -> lines(intake, 1, 50);
    rig.start().pass("9ms");
    rig.leases.write();

    rig.poller.stop(Duration.ofSeconds(5));
    assertThat(rig.leases.writing()).isOne();
    rig.leases.write();

    assertThat(rig.leases.commits).containsExactly(at(1), at(50));
  }

  @Test
  void theLastStepIsTakenOnceAllEventsAreKept() {
    rig.inlet.answering = false;
    rig.script =
        (cursor, intake) ->
            intake.put(Rig.batch("a"), step(1)).map(room -> Polled.all(Step.set("etag", "x")));
    rig.start();
    assertThat(rig.leases.commits).isEmpty();

    rig.inlet.keep(0);

    assertThat(rig.leases.cursor).isEqualTo(Cursor.of(Map.of("line", "1", "etag", "x")));
  }

  @Test
  void aPollThatFailsKeepsWhatCameBeforeAndNotItsEnd() {
    rig.script =
        (cursor, intake) ->
            intake
                .put(Rig.batch("a"), step(1))
                .compose(room -> Future.failedFuture(PollException.passing("broken", "cut")));
    rig.start();

    assertThat(rig.leases.commits).containsExactly(at(1));
    rig.pass("1s");
    assertThat(rig.from).containsExactly(Cursor.START, at(1));
  }

  @Test
  void aRefusedReceiptFailsThePollAndTheCursorStaysBeforeIt() {
    rig.inlet.answering = false;
    List<Throwable> failures = new ArrayList<>();
    rig.script =
        (cursor, intake) -> {
          lines(intake, 1, 3);
          Promise<Polled> end = Promise.promise();
          rig.time.after(
              Duration.ofSeconds(1),
              () -> intake.put(Rig.batch("late"), step(4)).onFailure(failures::add));
          return end.future();
        };
    rig.start();
    rig.inlet.keep(0);
    rig.inlet.refuse(1);
    rig.inlet.keep(2);
    rig.pass("1900ms");

    assertThat(rig.leases.commits).containsExactly(at(1));
    assertThat(failures).hasSize(1);
    assertThat(rig.outcome("refused")).isOne();
    assertThat(rig.count("sluice.refused", "reason", "disk-full")).isOne();
    assertThat(rig.inlet.held).isZero();
  }

  @Test
  void thereIsRoomForEachBatchBeforeTheNextIsAskedFor() {
    rig.inlet.free = 2 * Run.BATCH;
    rig.inlet.answering = false;
    rig.timeout = Duration.ofMinutes(5);
    List<Integer> asked = new ArrayList<>();
    rig.script =
        (cursor, intake) -> {
          asked.add(1);
          return intake
              .put(Rig.batch("a"), step(1))
              .compose(
                  room -> {
                    asked.add(2);
                    return intake.put(Rig.batch("b"), step(2));
                  })
              .map(room -> Polled.all(Step.NONE));
        };
    rig.start().pass("100s");
    assertThat(asked).containsExactly(1, 2);
    assertThat(rig.outcome("new")).isZero();

    rig.inlet.keep(0);
    rig.inlet.keep(1);

    assertThat(rig.outcome("new")).isOne();
    assertThat(rig.inlet.held).isZero();
  }

  @Test
  void waitingForCreditIsNotTheUpstreamsFaultAndEndsAllTheSame() {
    rig.inlet.free = Run.BATCH;
    rig.inlet.answering = false;
    rig.script = (cursor, intake) -> lines(intake, 1, 3);
    rig.start().pass("29s");
    assertThat(rig.outcome("failed") + rig.outcome("no-credit")).isZero();
    rig.pass("2s");
    rig.inlet.keep(0);

    assertThat(rig.outcome("no-credit")).isOne();
    assertThat(rig.leases.commits).containsExactly(at(1));
    assertThat(rig.state()).isEqualTo("running");
  }

  @Test
  void aLargeEventIsGivenTheRoomItNeeds() {
    rig.script =
        (cursor, intake) ->
            intake.put(Rig.batch("x".repeat(900_000)), step(1)).map(room -> Polled.all(Step.NONE));
    rig.start();

    assertThat(rig.outcome("new")).isOne();
    assertThat(rig.inlet.held).isZero();
  }

  @Test
  void aCursorThatCannotBeSavedIsTriedAgainAndPollsGoOn() {
    rig.leases.broken = true;
    int[] line = {0};
    rig.script = (cursor, intake) -> lines(intake, ++line[0], line[0]);
    rig.start().pass("30s");
    assertThat(rig.polls()).isEqualTo(4);
    assertThat(rig.poller.standing().trouble())
        .hasValueSatisfying(why -> assertThat(why).contains("cannot be saved"));
    assertThat(rig.from.get(3)).isEqualTo(at(3));

    rig.leases.broken = false;
    rig.pass("60s");
    assertThat(rig.leases.cursor).isEqualTo(at(10));
    assertThat(rig.poller.standing().trouble()).isEmpty();
  }

  @Test
  void aLeaseThatRanOutWhileTheProcessStoodStillIsNotUsed() {
    rig.script = (cursor, intake) -> Rig.empty();
    rig.start();
    assertThat(rig.polls()).isOne();

    rig.leases.expired = true;
    rig.pass("60s");

    assertThat(rig.polls()).isOne();
  }

  @Test
  void whatComesForALeaseThatRanOutMeanwhileIsNotPut() {
    Promise<Void> answer = Promise.promise();
    rig.script =
        (cursor, intake) ->
            answer
                .future()
                .compose(came -> intake.put(Rig.batch("a"), step(1)))
                .compose(kept -> Rig.empty());
    rig.start();

    rig.leases.expired = true;
    answer.complete();

    assertThat(rig.leases.commits).isEmpty();
    assertThat(rig.outcome("lease-lost")).isOne();
  }

  @Test
  void aLeaseThatIsWantedIsHandedOverOnceThePollIsOverAndWritten() {
    Promise<Polled> reading = Promise.promise();
    rig.script =
        (cursor, intake) -> intake.put(Rig.batch("a"), step(1)).compose(room -> reading.future());
    rig.start();
    rig.leases.want();
    assertThat(rig.leases.releases).isZero();
    assertThat(rig.closed).isZero();

    rig.leases.elsewhere = true;
    reading.complete(Rig.empty().result());

    assertThat(rig.leases.cursor).isEqualTo(at(1));
    assertThat(rig.leases.releases).isOne();
    assertThat(rig.state()).isEqualTo("waiting");
    rig.pass("60s");
    assertThat(rig.polls()).isOne();

    rig.leases.elsewhere = false;
    rig.pass("10s");
    assertThat(rig.state()).isEqualTo("running");
  }

  @Test
  void aLostLeaseEndsThePollAndItsLateCommitIsNotMade() {
    rig.inlet.answering = false;
    rig.script =
        (cursor, intake) ->
            intake.put(Rig.batch("a"), step(1)).compose(room -> Promise.<Polled>promise().future());
    rig.start();
    rig.leases.take();
    assertThat(rig.closed).isOne();
    rig.inlet.keep(0);

    assertThat(rig.leases.commits).isEmpty();
    assertThat(rig.outcome("lease-lost")).isOne();
    assertThat(rig.state()).isEqualTo("waiting");

    rig.leases.elsewhere = false;
    rig.script = (cursor, intake) -> Rig.empty();
    rig.pass("10s");
    assertThat(rig.state()).isEqualTo("running");
    assertThat(rig.polls()).isEqualTo(2);
  }

  @Test
  void aCommitRefusedForAnOldTermStopsPollingToo() {
    rig.script = (cursor, intake) -> lines(intake, 1, 1);
    rig.leases.slow = false;
    rig.start();
    rig.leases.term++;
    rig.leases.elsewhere = true;
    rig.script = (cursor, intake) -> lines(intake, 2, 2);
    rig.pass("10s");

    assertThat(rig.state()).isEqualTo("waiting");
    assertThat(rig.leases.cursor).isEqualTo(at(1));
  }

  @Test
  void aLeaseHeldElsewhereIsAskedForUntilItIsFree() {
    rig.leases.elsewhere = true;
    rig.start().pass("60s");
    assertThat(rig.polls()).isZero();
    assertThat(rig.state()).isEqualTo("waiting");

    rig.leases.elsewhere = false;
    rig.pass("5s");
    assertThat(rig.polls()).isOne();
  }

  @Test
  void aLostCursorBringsTheSourceToAHaltUntilSomebodyDecides() {
    rig.leases.damaged = true;
    try (LogHeard log = LogHeard.of(Tenure.class)) {
      rig.start().pass("1h");

      assertThat(log.lines().stream().filter(line -> line.contains("ERROR")))
          .singleElement()
          .asString()
          .contains("cursors/orders is damaged", "restore the file", "resume the source");
    }
    assertThat(rig.polls()).isZero();
    assertThat(rig.leases.resets).isZero();
    assertThat(rig.state()).isEqualTo("halted");

    rig.leases.damaged = false;
    rig.poller.resume();
    rig.pass("10s");
    assertThat(rig.polls()).isPositive();
    assertThat(rig.state()).isEqualTo("running");
  }

  @Test
  void aLostCursorIsPutAsideWhereTheOperatorSaidSo() {
    rig.leases.damaged = true;
    rig.onCursorLoss = CursorLoss.RESET;
    rig.start();

    assertThat(rig.leases.resets).isOne();
    assertThat(rig.from).containsExactly(Cursor.START);
  }

  @Test
  void aStopEndsThePollAtABatchAwaitsItsReceiptsSavesAndReleases() {
    rig.inlet.answering = false;
    rig.leases.slow = true;
    rig.script =
        (cursor, intake) ->
            intake.put(Rig.batch("a"), step(1)).compose(room -> Promise.<Polled>promise().future());
    rig.start();

    Future<Void> stopped = rig.poller.stop(Duration.ofSeconds(20));
    assertThat(rig.closed).isOne();
    assertThat(stopped.isComplete()).isFalse();
    rig.inlet.keep(0);
    assertThat(stopped.isComplete()).isFalse();
    rig.leases.write();

    assertThat(stopped.succeeded()).isTrue();
    assertThat(rig.leases.cursor).isEqualTo(at(1));
    assertThat(rig.leases.releases).isOne();
    assertThat(rig.inlet.closed).isTrue();
    assertThat(rig.inlet.held).isZero();
    assertThat(rig.time.pending()).isZero();
  }

  @Test
  void aStopDoesNotWaitForReceiptsForEver() {
    rig.inlet.answering = false;
    rig.script = (cursor, intake) -> lines(intake, 1, 2);
    rig.start();

    Future<Void> stopped = rig.poller.stop(Duration.ofSeconds(20));
    rig.pass("20s");

    assertThat(stopped.succeeded()).isTrue();
    assertThat(rig.leases.releases).isOne();
  }

  @Test
  void pausedNothingIsAskedExceptWhenSomebodySaysNow() {
    rig.start();
    rig.poller.pause();
    rig.pass("60s");
    assertThat(rig.polls()).isOne();
    assertThat(rig.state()).isEqualTo("paused");
    assertThat(rig.skipped("paused")).isEqualTo(6);

    assertThat(rig.poller.ask()).isEqualTo(Optional.empty());
    assertThat(rig.polls()).isEqualTo(2);

    rig.poller.resume();
    rig.pass("10s");
    assertThat(rig.polls()).isEqualTo(3);
  }

  @Test
  void askingNowWhileAPollRunsSaysSo() {
    rig.script = (cursor, intake) -> Promise.<Polled>promise().future();
    rig.start();

    assertThat(rig.poller.ask()).contains("a poll is under way");
  }
}

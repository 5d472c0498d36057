package io.sluice.source.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.connector.Cursor;
import io.sluice.connector.Intake;
import io.sluice.connector.Polled;
import io.sluice.connector.Step;
import io.sluice.harness.MaxLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** Several batches of one poll under way at once. */
@MaxLog(Level.ERROR)
class ReadingAheadTest {
  private static final int ROOM = Run.BATCH;

  private final Rig rig = new Rig();
  private final Promise<Polled> end = Promise.promise();
  private final List<Future<Void>> puts = new ArrayList<>();
  private Intake intake;

  /** A poll that puts what the test puts. */
  private void start(long free) {
    rig.inlet.free = free;
    rig.inlet.answering = false;
    rig.script =
        (cursor, into) -> {
          intake = into;
          return end.future();
        };
    rig.start();
  }

  private void put(String event, int line) {
    puts.add(intake.put(Rig.batch(event), Step.set("line", Integer.toString(line))));
  }

  private static Cursor at(int line) {
    return Cursor.of(Map.of("line", Integer.toString(line)));
  }

  @Test
  void thereIsOneBatchInHandUnlessMoreAreAskedFor() {
    start(100L * ROOM);

    assertThat(rig.inlet.held).isEqualTo(ROOM);
    assertThat(intake.ahead(1)).isOne();
    assertThat(rig.inlet.held).isEqualTo(ROOM);
  }

  @Test
  void severalBatchesAreUnderWayAndTheCursorMovesOverTheirReceiptsInOrder() {
    start(100L * ROOM);
    assertThat(intake.ahead(4)).isEqualTo(4);
    assertThat(rig.inlet.held).isEqualTo(4L * ROOM);

    for (int line = 1; line <= 4; line++) {
      put("line " + line, line);
    }
    assertThat(rig.inlet.events()).containsExactly("line 1", "line 2", "line 3", "line 4");
    rig.inlet.keep(3);
    rig.inlet.keep(1);
    assertThat(rig.leases.commits).isEmpty();
    rig.inlet.keep(0);
    assertThat(rig.leases.cursor).isEqualTo(at(2));
    rig.inlet.keep(2);
    rig.pass("1s");
    assertThat(rig.leases.cursor).isEqualTo(at(4));
    end.complete(Polled.all(Step.NONE));
    assertThat(rig.inlet.held).isZero();
  }

  @Test
  void aRefusedOneLeavesTheCursorBeforeItThoughLaterOnesAreKept() {
    start(100L * ROOM);
    intake.ahead(3);
    for (int line = 1; line <= 3; line++) {
      put("line " + line, line);
    }
    rig.inlet.keep(2);
    rig.inlet.keep(0);
    rig.inlet.refuse(1);
    rig.pass("11s");

    assertThat(rig.leases.cursor).isEqualTo(at(1));
    assertThat(rig.inlet.held).isLessThanOrEqualTo(ROOM);
  }

  @Test
  void nothingIsReadAheadUnlessThereIsRoomForOthersBesideIt() {
    start(5L * ROOM);
    assertThat(intake.ahead(8)).isEqualTo(2);
    assertThat(rig.inlet.free).isEqualTo(3L * ROOM);
  }

  @Test
  void aBatchThatNeedsMoreThanItsRoomDoesNotWaitForWhatIsHeldForLaterOnes() {
    start(8L * ROOM);
    assertThat(intake.ahead(3)).isEqualTo(3);
    rig.inlet.free = 0;

    put("x".repeat(2 * ROOM), 1);
    put("later", 2);
    put("last", 3);
    rig.inlet.grant(0);

    assertThat(rig.inlet.batches).hasSizeGreaterThanOrEqualTo(1);
    rig.inlet.keep(0);
    assertThat(rig.inlet.batches).hasSizeGreaterThanOrEqualTo(2);
    assertThat(intake.ahead(1)).isOne();
    rig.inlet.free = 100L * ROOM;
    rig.inlet.grant(0);
    assertThat(rig.inlet.batches).hasSize(3);
    assertThat(rig.inlet.events()).endsWith("later", "last");
  }

  @Test
  void whatHasNoReceiptIsBoundedHoweverMuchRoomThereIs() {
    start(1_000L * ROOM);
    String large = "x".repeat(ROOM - 100);
    int put = 0;
    do {
      put(large, ++put);
    } while (puts.get(put - 1).isComplete());

    assertThat((long) put * ROOM).isBetween(Run.MOST_UNDER_WAY, Run.MOST_UNDER_WAY + 2L * ROOM);
    rig.pass("100s");
    assertThat(rig.outcome("failed")).isZero();
    rig.inlet.keep(0);
    rig.inlet.keep(1);
    assertThat(puts.get(put - 1).succeeded()).isTrue();
  }

  @Test
  void moreThanWasAllowedIsAFaultOfTheConnector() {
    start(100L * ROOM);
    rig.inlet.free = 0;
    put("a", 1);

    assertThatThrownBy(() -> put("b", 2)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatIsGatheredTakesRoomBeforeItIsPut() {
    start(3L * ROOM);
    assertThat(intake.gathered(ROOM / 2).succeeded()).isTrue();
    assertThat(rig.inlet.held).isEqualTo(ROOM);

    assertThat(intake.gathered(3L * ROOM).succeeded()).isTrue();
    assertThat(rig.inlet.held).isEqualTo(3L * ROOM);

    Future<Void> more = intake.gathered(4L * ROOM);
    rig.pass(Duration.ofSeconds(20).toSeconds() + "s");
    assertThat(more.isComplete()).isFalse();
    rig.inlet.grant(ROOM);
    assertThat(more.succeeded()).isTrue();
    assertThat(rig.inlet.held).isEqualTo(4L * ROOM);
    put("x", 1);
    rig.inlet.keep(0);
    end.complete(Polled.all(Step.NONE));
    assertThat(rig.inlet.held).isZero();
  }

  @Test
  void aPollThatGathersMoreThanThereEverIsRoomForEndsAsOneWithoutCredit() {
    start(ROOM);

    Future<Void> more = intake.gathered(2L * ROOM);
    rig.pass("31s");

    assertThat(more.failed()).isTrue();
    rig.pass("10s");
    assertThat(rig.outcome("refused") + rig.outcome("no-credit")).isOne();
    assertThat(rig.inlet.held).isLessThanOrEqualTo(ROOM);
  }
}

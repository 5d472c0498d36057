package io.sluice.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.sluice.connector.NoRoomException;
import io.sluice.connector.Room;
import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.sluice.harness.Loop;
import io.sluice.harness.MaxLog;
import io.sluice.harness.SluiceExtension;
import io.sluice.sink.Deliveries;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.event.Level;

/** Many inlets of one stream on an event loop: what they share, and what is each one's own. */
@ExtendWith(SluiceExtension.class)
class SharedLaneTest {
  private static final long BUDGET = 10_000;
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Batch BATCH = Deliveries.lines("{\"n\":1}");

  private final List<Parcel<Put, Answer>> arrived = new CopyOnWriteArrayList<>();
  private Vertx vertx;
  private Loop receiver;
  private Loop sender;
  private Inlets inlets;
  private Intake<Put, Answer> intake;

  @BeforeEach
  void prepare(Vertx given) {
    vertx = given;
    Flow.install(vertx);
    receiver = Loop.of(vertx);
    sender = Loop.of(vertx);
    inlets = new Inlets(vertx);
    intake =
        receiver.call(
            () -> Intake.open(vertx, StreamInlet.address("events"), BUDGET, arrived::add));
  }

  @AfterEach
  void undeploy() {
    sender.end(); // before the receiver, or what it still says finds nobody
    Loop.undeployAll(vertx);
  }

  private StreamInlet inlet() {
    return sender.call(() -> inlets.open("events"));
  }

  private Room room(StreamInlet inlet, long bytes) {
    return sender.await(() -> inlet.reserve(bytes, LONG));
  }

  private Future<Room> waiting(StreamInlet inlet, String who, long bytes) {
    Future<Room> room = sender.later(() -> inlet.reserve(who, bytes, LONG));
    sender.run(() -> {});
    assertThat(room.isComplete()).isFalse();
    return room;
  }

  private int lanes() {
    return receiver.call(intake::lanes);
  }

  private void answer(Parcel<Put, Answer> parcel) {
    receiver.run(() -> parcel.settle(Answer.of(new Receipt.Kept(Ack.STORED, 1, 0))));
  }

  private static Refusal why(Future<?> refused) {
    Awaitility.await().until(refused::isComplete);
    assertThat(refused.cause()).isInstanceOf(NoRoomException.class);
    return ((NoRoomException) refused.cause()).refused().why();
  }

  @Test
  void aThousandInletsOnTwoEventLoopsAreTwoLanes() {
    Loop other = Loop.of(vertx);
    List<StreamInlet> all = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      all.add(inlet());
      all.add(other.call(() -> inlets.open("events")));
    }
    for (StreamInlet inlet : all.subList(0, 20)) {
      Loop loop = all.indexOf(inlet) % 2 == 0 ? sender : other;
      loop.await(() -> inlet.reserve(10, LONG)).release();
    }

    assertThat(lanes()).isEqualTo(2);
  }

  @Test
  void aLaneLeadsToOneStream() {
    StreamInlet events = inlet();
    StreamInlet others = sender.call(() -> inlets.open("others"));

    assertThat(room(events, 1).bytes()).isEqualTo(1);
    assertThat(sender.call(others::free)).isZero();
  }

  @Test
  void anInletIsOpenedOnAnEventLoop() {
    assertThatIllegalStateException().isThrownBy(() -> inlets.open("events"));
  }

  @Test
  void theLaneEndsWithItsLastInletAndTheNextOpensAnother() {
    StreamInlet first = inlet();
    StreamInlet second = inlet();
    room(first, 100);
    sender.await(first::close);
    assertThat(room(second, 100).bytes()).isEqualTo(100);

    sender.await(second::close);
    sender.await(second::close);

    Awaitility.await().until(() -> lanes() == 0);
    assertThat(receiver.call(intake::granted)).isZero();
    assertThat(room(inlet(), BUDGET).bytes()).isEqualTo(BUDGET);
  }

  @Test
  void whatAnInletHeldIsFreeForTheOthersWhenItCloses() {
    StreamInlet leaving = inlet();
    StreamInlet staying = inlet();
    Room left = room(leaving, 6_000);
    room(leaving, 3_000);
    Future<Room> waiting = waiting(staying, "", BUDGET);

    sender.await(leaving::close);

    assertThat(Loop.wait(waiting).bytes()).isEqualTo(BUDGET);
    sender.run(left::release);
    assertThat(sender.call(staying::free)).isZero();
  }

  @Test
  void closingAnswersWhoWaitsOnThatInletAndNobodyElse() {
    StreamInlet leaving = inlet();
    StreamInlet staying = inlet();
    Room all = room(staying, BUDGET);
    Future<Room> gone = waiting(leaving, "a", 8_000);
    Future<Room> patient = waiting(staying, "a", 9_000);
    Future<Room> goneToo = waiting(leaving, "b", 8_000);

    sender.await(leaving::close);

    assertThat(why(gone)).isEqualTo(Refusal.DRAINING);
    assertThat(why(goneToo)).isEqualTo(Refusal.DRAINING);
    assertThat(patient.isComplete()).isFalse();
    sender.run(all::release);
    assertThat(Loop.wait(patient).bytes()).isEqualTo(9_000);
  }

  @Test
  void aRoomOfAClosedInletTakesNothing() {
    StreamInlet leaving = inlet();
    StreamInlet staying = inlet();
    Room room = room(leaving, 1_000);
    sender.await(leaving::close);
    long free = sender.call(staying::free);

    Receipt receipt = sender.await(() -> room.put(BATCH, Ack.STORED));

    assertThat(((Receipt.Refused) receipt).why()).isEqualTo(Refusal.DRAINING);
    assertThat(why(sender.later(() -> leaving.reserve(1, LONG)))).isEqualTo(Refusal.DRAINING);
    assertThat(sender.call(staying::free)).isEqualTo(free);
    assertThat(arrived).isEmpty();
  }

  @Test
  void aRoomThatStillGrowsWhenItsInletClosesGrowsNoMore() {
    StreamInlet leaving = inlet();
    StreamInlet staying = inlet();
    Room all = room(staying, 9_000);
    Room growing = room(leaving, 100);
    Future<Void> more = sender.later(() -> growing.grow(5_000, LONG));

    sender.await(leaving::close);
    sender.run(all::release);

    assertThat(why(more)).isEqualTo(Refusal.DRAINING);
    assertThat(room(staying, BUDGET).bytes()).isEqualTo(BUDGET);
  }

  @Test
  void whatWasPutBeforeAnInletClosedIsAnswered() {
    StreamInlet leaving = inlet();
    inlet();
    Room room = room(leaving, 1_000);
    Future<Receipt> receipt =
        sender.later(
            () -> {
              Future<Receipt> put = room.put(BATCH, Ack.STORED);
              leaving.close();
              return put;
            });

    Awaitility.await().until(() -> arrived.size() == 1);
    answer(arrived.get(0));

    assertThat(Loop.wait(receipt)).isEqualTo(new Receipt.Kept(Ack.STORED, 1, 0));
  }

  @Test
  void partiesOfTwoInletsAreNotTheSameWhateverTheyAreCalled() {
    StreamInlet flooded = inlet();
    StreamInlet calm = inlet();
    Room all = room(calm, BUDGET);
    List<Future<Room>> flood = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      flood.add(waiting(flooded, "same", 1_000));
    }
    Future<Room> one = waiting(calm, "same", 1_000);

    sender.run(
        () -> {
          all.put(Deliveries.lines("x".repeat(7_000)), Ack.STORED);
        });

    assertThat(Loop.wait(one).bytes()).isEqualTo(1_000);
    assertThat(flood.stream().filter(Future::isComplete).count()).isBetween(1L, 2L);
  }

  @Test
  void theLaneLivesOnWhenTheVerticleEndsInWhichItWasOpened() {
    Loop first = sender;
    StreamInlet opening = inlet();
    Loop second = Loop.beside(vertx, first);
    StreamInlet staying = second.call(() -> inlets.open("events"));
    Room part = second.await(() -> staying.reserve(4_000, LONG));
    first.await(opening::close);
    first.end();
    assertThat(lanes()).isEqualTo(1);

    // Needs a grant that comes by message, and a lane that goes on saying hello.
    Future<Receipt> stored =
        second.later(() -> part.put(Deliveries.lines("x".repeat(3_000)), Ack.STORED));
    Future<Room> all = second.later(() -> staying.reserve(BUDGET, LONG));
    Awaitility.await().until(() -> arrived.size() == 1);
    receiver.run(() -> arrived.get(0).answer(Answer.of(new Receipt.Kept(Ack.STORED, 1, 0))));
    assertThat(Loop.wait(stored)).isInstanceOf(Receipt.Kept.class);
    assertThat(all.isComplete()).isFalse();
    receiver.run(() -> arrived.get(0).complete());

    assertThat(Loop.wait(all).bytes()).isEqualTo(BUDGET);
  }

  @Test
  void whatAStreamDidNotTakeBeforeItWasReplacedGoesToTheNextInOrder() {
    StreamInlet inlet = inlet();
    List<Room> rooms = List.of(room(inlet, 900), room(inlet, 900), room(inlet, 900));
    receiver.await(intake::close);

    List<Future<Receipt>> receipts = new ArrayList<>();
    for (int i = 0; i < rooms.size(); i++) {
      Room room = rooms.get(i);
      Batch batch = Deliveries.lines("{\"n\":" + i + "}");
      receipts.add(sender.later(() -> room.put(batch, Ack.STORED)));
      sender.run(() -> {});
    }
    assertThat(receipts).noneMatch(Future::isComplete);
    reopen();
    Room later = room(inlet, 100);
    receipts.add(sender.later(() -> later.put(BATCH, Ack.STORED)));

    Awaitility.await().until(() -> arrived.size() == 4);
    assertThat(arrived.stream().map(parcel -> text(parcel.content().batch())))
        .containsExactly("{\"n\":0}", "{\"n\":1}", "{\"n\":2}", "{\"n\":1}");
    arrived.forEach(this::answer);
    assertThat(receipts)
        .allSatisfy(
            each -> assertThat(Loop.wait(each)).isEqualTo(new Receipt.Kept(Ack.STORED, 1, 0)));
    Awaitility.await().until(() -> receiver.call(intake::inFlight) == 0);
  }

  @Test
  @MaxLog(Level.WARN) // the event bus warns of what comes while the intake closes
  void whatWasOnItsWayWhenAStreamClosedGoesToTheNext() {
    StreamInlet inlet = inlet();
    Room room = room(inlet, 900);
    CountDownLatch sent = new CountDownLatch(1);
    Future<Void> closed =
        receiver.later(
            () -> {
              assertThatNoException().isThrownBy(() -> sent.await(10, TimeUnit.SECONDS));
              return intake.close();
            });
    Future<Receipt> receipt = sender.later(() -> room.put(BATCH, Ack.STORED));
    sender.run(() -> {});
    sender.run(() -> {});
    sent.countDown();
    Loop.wait(closed);
    assertThat(arrived).isEmpty();
    reopen();

    Awaitility.await().until(() -> arrived.size() == 1);
    answer(arrived.get(0));

    assertThat(Loop.wait(receipt)).isEqualTo(new Receipt.Kept(Ack.STORED, 1, 0));
  }

  @Test
  void whatWaitsForTheNextStreamWhenItsInletClosesIsAnswered() {
    StreamInlet inlet = inlet();
    inlet();
    Room room = room(inlet, 900);
    receiver.await(intake::close);
    Future<Receipt> receipt = sender.later(() -> room.put(BATCH, Ack.STORED));
    sender.run(() -> {});

    sender.await(inlet::close);

    assertThat(Loop.wait(receipt))
        .isInstanceOfSatisfying(
            Receipt.Refused.class,
            refused -> assertThat(refused.why()).isEqualTo(Refusal.DRAINING));
  }

  private void reopen() {
    intake =
        receiver.call(
            () -> Intake.open(vertx, StreamInlet.address("events"), BUDGET, arrived::add));
  }

  private static String text(Batch batch) {
    return StandardCharsets.UTF_8.decode(batch.event(0).payload()).toString();
  }
}

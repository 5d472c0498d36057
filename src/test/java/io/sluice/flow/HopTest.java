package io.sluice.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.event.Level;

/** Lanes and an intake over the real event bus. */
@ExtendWith(SluiceExtension.class)
class HopTest {
  private static final long BUDGET = 10_000;
  private static final Batch BATCH = Deliveries.lines("{\"n\":1}");

  private final List<Parcel<Put, Answer>> arrived = new CopyOnWriteArrayList<>();
  private Vertx vertx;
  private Loop receiver;
  private Loop sender;

  @BeforeEach
  void prepare(Vertx given) {
    vertx = given;
    Flow.install(vertx);
    receiver = Loop.of(vertx);
    sender = Loop.of(vertx);
  }

  @AfterEach
  void undeploy() {
    sender.end(); // before the receiver, or what it still says finds nobody
    Loop.undeployAll(vertx);
  }

  private Intake<Put, Answer> intake() {
    return receiver.call(
        () -> Intake.open(vertx, StreamInlet.address("events"), BUDGET, arrived::add));
  }

  private StreamInlet inlet(Loop loop) {
    return inlet(loop, Duration.ofSeconds(10));
  }

  private StreamInlet inlet(Loop loop, Duration patience) {
    return loop.call(() -> new Inlets(vertx, patience).open("events"));
  }

  private void settle(Parcel<Put, Answer> parcel) {
    receiver.call(
        () -> {
          parcel.settle(
              Answer.of(new Receipt.Kept(Ack.STORED, parcel.content().batch().size(), 0)));
          return true;
        });
  }

  private Room room(StreamInlet inlet, long bytes) {
    return sender.await(() -> inlet.reserve(bytes, Duration.ofSeconds(5)));
  }

  private static Receipt.Refused refused(Throwable failure) {
    assertThat(failure).isInstanceOf(NoRoomException.class);
    return ((NoRoomException) failure).refused();
  }

  @Test
  void answersNoCreditWithATimeToComeBackWhenNoneCameWithinTheWait() {
    intake();
    StreamInlet inlet = inlet(sender);
    room(inlet, BUDGET);

    assertThatThrownBy(() -> sender.await(() -> inlet.reserve(1, Duration.ofMillis(50))))
        .satisfies(
            failure -> {
              assertThat(refused(failure).why()).isEqualTo(Refusal.NO_CREDIT);
              assertThat(refused(failure).retryAfter())
                  .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            });
  }

  @Test
  void answersTooLargeAtOnceForMoreThanTheWholeBudget() {
    intake();
    StreamInlet inlet = inlet(sender);
    room(inlet, 1).release();

    assertThatThrownBy(() -> sender.await(() -> inlet.reserve(BUDGET + 1, Duration.ofHours(1))))
        .satisfies(failure -> assertThat(refused(failure).why()).isEqualTo(Refusal.TOO_LARGE));
  }

  @Test
  void sendsThePutsOfOneTurnTogether() {
    intake();
    StreamInlet inlet = inlet(sender);
    Room first = room(inlet, 100);
    Room second = room(inlet, 100);
    Room third = room(inlet, 100);

    Future<List<Receipt>> receipts =
        sender.later(
            () ->
                Future.all(
                        first.put(BATCH, Ack.STORED),
                        second.put(BATCH, Ack.STORED),
                        third.put(BATCH, Ack.ACCEPTED))
                    .map(all -> all.<Receipt>list()));

    Awaitility.await().until(() -> arrived.size() == 2);
    assertThat(arrived).extracting(parcel -> parcel.content().batch().size()).containsExactly(2, 1);
    arrived.forEach(this::settle);
    assertThat(Loop.wait(receipts)).containsOnly(new Receipt.Kept(Ack.STORED, 1, 0));
  }

  @Test
  void takesEverythingThatWasPutBeforeTheFirstCreditCame() {
    List<Future<Receipt>> receipts = new ArrayList<>();
    StreamInlet inlet = inlet(sender);
    for (int i = 0; i < 20; i++) {
      receipts.add(
          sender.later(
              () ->
                  inlet
                      .reserve(100, Duration.ofSeconds(10))
                      .compose(room -> room.put(BATCH, Ack.STORED))));
    }

    receiver.call(
        () ->
            Intake.<Put, Answer>open(
                vertx,
                StreamInlet.address("events"),
                BUDGET,
                parcel ->
                    parcel.settle(
                        Answer.of(
                            new Receipt.Kept(Ack.STORED, parcel.content().batch().size(), 0)))));

    assertThat(receipts)
        .allSatisfy(
            receipt ->
                assertThat(Loop.wait(receipt)).isEqualTo(new Receipt.Kept(Ack.STORED, 1, 0)));
  }

  @Test
  void whoGaveUpWaitingKeepsNobodyElseFromCredit() {
    intake();
    StreamInlet patient = inlet(sender);
    Room held = room(patient, BUDGET / 2);
    StreamInlet hasty = inlet(sender);
    assertThatThrownBy(() -> sender.await(() -> hasty.reserve(BUDGET, Duration.ofMillis(100))))
        .satisfies(failure -> assertThat(refused(failure).why()).isEqualTo(Refusal.NO_CREDIT));

    Room more = sender.await(() -> patient.reserve(BUDGET / 2 - 1000, Duration.ofMillis(900)));

    assertThat(more.bytes()).isEqualTo(BUDGET / 2 - 1000);
    assertThat(held.bytes()).isEqualTo(BUDGET / 2);
  }

  @Test
  void whoWaitsBehindOneWhoGaveUpIsServedAtOnce() {
    intake();
    StreamInlet inlet = inlet(sender);
    room(inlet, BUDGET - 1000);
    Future<Room> first = sender.later(() -> inlet.reserve(5000, Duration.ofMillis(100)));

    Room second = sender.await(() -> inlet.reserve(100, Duration.ofMillis(900)));

    assertThat(first.failed()).isTrue();
    assertThat(second.bytes()).isEqualTo(100);
  }

  @Test
  void creditComesHomeFromAnInletThatClosesWithRoomTaken() {
    Intake<Put, Answer> intake = intake();
    StreamInlet inlet = inlet(sender);
    Room room = room(inlet, 100);

    sender.await(inlet::close);

    Awaitility.await().until(() -> receiver.call(intake::granted) == 0);
    assertThat(sender.await(() -> room.put(BATCH, Ack.STORED)))
        .isInstanceOfSatisfying(
            Receipt.Refused.class,
            refused -> assertThat(refused.why()).isEqualTo(Refusal.DRAINING));
    assertThat(arrived).isEmpty();
  }

  @Test
  @MaxLog(Level.WARN) // the event bus warns of a hello that comes while the intake closes
  void tellsForCertainThatNothingWasTakenWhenNobodyListens() {
    Duration patience = Duration.ofMillis(500);
    Intake<Put, Answer> intake = intake();
    StreamInlet inlet = inlet(sender, patience);
    Room room = room(inlet, 100);
    receiver.await(intake::close);

    long begun = System.nanoTime();
    assertThat(sender.await(() -> room.put(BATCH, Ack.STORED)))
        .isInstanceOfSatisfying(
            Receipt.Refused.class,
            refused -> assertThat(refused.why()).isEqualTo(Refusal.DRAINING));
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .as("another stream may come")
        .isGreaterThanOrEqualTo(patience);
  }

  @Test
  @MaxLog(Level.WARN) // the event bus warns of a hello that comes while the intake closes
  void whatWasOnItsWayToAnIntakeThatIsReplacedIsUnknown() {
    Intake<Put, Answer> intake = intake();
    StreamInlet inlet = inlet(sender);
    Room room = room(inlet, 100);
    Future<Receipt> receipt = sender.later(() -> room.put(BATCH, Ack.STORED));
    Awaitility.await().until(() -> arrived.size() == 1);

    receiver.await(intake::close);
    intake();
    Room next = room(inlet, BUDGET);

    assertThat(Loop.wait(receipt))
        .isInstanceOfSatisfying(
            Receipt.Refused.class, refused -> assertThat(refused.why()).isEqualTo(Refusal.UNKNOWN));
    assertThat(next.bytes()).isEqualTo(BUDGET);
  }
}

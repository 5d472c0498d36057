package io.sluice.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.NoRoomException;
import io.sluice.connector.Room;
import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.sluice.harness.Loop;
import io.sluice.harness.MaxLog;
import io.sluice.harness.Seeds;
import io.sluice.harness.SluiceExtension;
import io.sluice.sink.Deliveries;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.event.Level;

/**
 * Inlets on many event loops put into one intake over the real event bus. The intake takes its time
 * and is closed and opened again now and then. Every put gets its receipt, what the receipt says is
 * true, no more is in memory than the budget, and in the end all credit is accounted for.
 */
@ExtendWith(SluiceExtension.class)
class HopStressTest {
  private static final long BUDGET = 20_000;
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final int INLETS = 6;
  private static final int PUTS = 250;

  static LongStream seeds() {
    return Seeds.fresh(2);
  }

  /** Closing a receiver under load makes the event bus warn of what it discards. */
  @MaxLog(Level.WARN)
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyPutIsAnsweredTrulyAndAllCreditComesHome(long seed, Vertx vertx) {
    List<Loop> loops = new ArrayList<>();
    for (int i = 0; i < INLETS; i++) {
      loops.add(Loop.of(vertx));
    }
    walk(seed, vertx, loops, loop -> new Inlets(vertx), false);
  }

  /**
   * Three inlets share each lane, close with room taken, places in line and puts on their way, and
   * are opened again; one of the three belongs to another verticle of the same event loop.
   */
  @MaxLog(Level.WARN)
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void inletsThatComeAndGoOnSharedLanesLoseNoCredit(long seed, Vertx vertx) {
    List<Loop> loops = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Loop first = Loop.of(vertx);
      loops.addAll(List.of(first, first, Loop.beside(vertx, first)));
    }
    Inlets shared = new Inlets(vertx);
    walk(seed, vertx, loops, loop -> shared, true);
  }

  private static void walk(
      long seed, Vertx vertx, List<Loop> loops, Function<Loop, Inlets> inlets, boolean restless) {
    Flow.install(vertx);
    Receiver receiver = new Receiver(vertx, Loop.of(vertx), new Random(seed));
    List<Sender> senders = new ArrayList<>();
    for (Loop loop : loops) {
      int i = senders.size();
      senders.add(
          new Sender(vertx, loop, inlets.apply(loop), restless, i, new Random(seed + i + 1)));
    }
    receiver.loop.call(receiver::open);

    List<Future<Void>> runs = senders.stream().map(Sender::start).toList();
    runs.forEach(Loop::wait);
    receiver.loop.call(receiver::rest);

    for (Sender sender : senders) {
      assertThat(receiver.taken).as("what receipts say is kept").containsAll(sender.kept);
      assertThat(receiver.taken)
          .as("what receipts say is not kept")
          .noneMatch(new HashSet<>(sender.refused)::contains);
    }
    assertThat(receiver.flaws).isEmpty();
    Map<Thread, Sender> lanes = new HashMap<>();
    senders.forEach(sender -> lanes.put(sender.loop.call(Thread::currentThread), sender));
    Collection<Sender> each = restless ? lanes.values() : senders;
    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(receiver.loop.call(() -> receiver.intake.inFlight())).isZero();
              assertThat(receiver.loop.call(() -> receiver.intake.lanes())).isEqualTo(each.size());
              assertThat(receiver.loop.call(() -> receiver.intake.granted()))
                  .as("granted is what the inlets have free")
                  .isEqualTo(each.stream().mapToLong(Sender::free).sum());
            });
    senders.forEach(sender -> sender.loop.await(sender.inlet::close));
    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(receiver.loop.call(() -> receiver.intake.granted())).isZero());
    receiver.loop.await(() -> receiver.intake.close());
    Loop.undeployAll(vertx);
  }

  /** The intake's side; its fields are its loop's until everything has been answered. */
  private static final class Receiver {
    final Vertx vertx;
    final Loop loop;
    final Random random;
    final Set<String> taken = new HashSet<>();
    final List<String> flaws = new ArrayList<>();
    Intake<Put, Answer> intake;
    boolean resting;

    Receiver(Vertx vertx, Loop loop, Random random) {
      this.vertx = vertx;
      this.loop = loop;
      this.random = random;
    }

    boolean open() {
      long[] memory = new long[1];
      intake =
          Intake.open(
              vertx,
              StreamInlet.address("stress"),
              BUDGET,
              parcel -> {
                memory[0] += parcel.weight();
                take(parcel, memory);
              });
      vertx.setTimer(50 + random.nextInt(600), due -> reopen());
      return true;
    }

    private void reopen() {
      if (!resting) {
        intake.close();
        vertx.setTimer(1 + random.nextInt(50), due -> open());
      }
    }

    boolean rest() {
      resting = true;
      return true;
    }

    private void take(Parcel<Put, Answer> parcel, long[] memory) {
      Batch batch = parcel.content().batch();
      for (int i = 0; i < batch.size(); i++) {
        String event = text(batch, i);
        if (!taken.add(event)) {
          flaws.add("twice: " + event);
        }
      }
      if (memory[0] > BUDGET) {
        flaws.add(memory[0] + " bytes in memory");
      }
      if (intake.inFlight() > intake.granted() || intake.granted() > BUDGET) {
        flaws.add(intake.inFlight() + " in flight, " + intake.granted() + " granted");
      }
      Answer receipt = Answer.of(new Receipt.Kept(parcel.content().ack(), batch.size(), 0));
      switch (random.nextInt(4)) {
        case 0 -> {
          memory[0] -= parcel.weight();
          parcel.settle(receipt);
        }
        case 1 -> {
          parcel.answer(receipt);
          later(() -> complete(parcel, memory));
        }
        case 2 -> {
          later(
              () -> {
                complete(parcel, memory);
                later(() -> parcel.answer(receipt));
              });
        }
        default ->
            later(
                () -> {
                  memory[0] -= parcel.weight();
                  parcel.settle(receipt);
                });
      }
    }

    private static void complete(Parcel<Put, Answer> parcel, long[] memory) {
      memory[0] -= parcel.weight();
      parcel.complete();
    }

    private void later(Runnable what) {
      vertx.setTimer(1 + random.nextInt(4), due -> what.run());
    }
  }

  private static String text(Batch batch, int event) {
    return new String(
        batch.region(),
        batch.start(event),
        batch.end(event) - batch.start(event),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  /** One inlet and what it was answered; confined to its loop until its run ended. */
  private static final class Sender {
    final Vertx vertx;
    final Loop loop;
    final Inlets inlets;
    final boolean restless;
    final int number;
    final Random random;
    final List<String> kept = new ArrayList<>();
    final List<String> refused = new ArrayList<>();
    private final Promise<Void> ended = Promise.promise();
    private int begun;
    private int answered;
    StreamInlet inlet;

    Sender(Vertx vertx, Loop loop, Inlets inlets, boolean restless, int number, Random random) {
      this.vertx = vertx;
      this.loop = loop;
      this.inlets = inlets;
      this.restless = restless;
      this.number = number;
      this.random = random;
    }

    Future<Void> start() {
      loop.call(
          () -> {
            inlet = inlets.open("stress");
            for (int i = 0; i < 8; i++) {
              next();
            }
            return true;
          });
      return ended.future();
    }

    long free() {
      return loop.call(inlet::free);
    }

    /**
     * Closes the inlet with all that is under way on it; what was in line is told so at once, and
     * what was put is still answered.
     */
    private void renew() {
      StreamInlet before = inlet;
      inlet = inlets.open("stress");
      before.close();
    }

    private void next() {
      if (restless && random.nextInt(30) == 0) {
        renew();
      }
      if (begun < PUTS) {
        String event = "{\"inlet\":%d,\"n\":%d}".formatted(number, begun++);
        Batch batch =
            Deliveries.lines(event + " ".repeat(random.nextInt(2) * random.nextInt(2000)));
        Ack ack = Ack.values()[random.nextInt(3)];
        reserve(batch)
            .compose(room -> use(room, batch, ack))
            .onSuccess(receipt -> note(text(batch, 0), receipt))
            .onFailure(failure -> noRoom(text(batch, 0), failure))
            .onComplete(done -> answered());
      } else if (answered == PUTS) {
        ended.tryComplete();
      }
    }

    private Future<Room> reserve(Batch batch) {
      long first = random.nextBoolean() ? batch.weight() : 1 + random.nextInt(5000);
      Duration wait = Duration.ofMillis(random.nextInt(4) == 0 ? random.nextInt(20) : 5000);
      return inlet
          .reserve(first, wait)
          .compose(
              room ->
                  room.bytes() >= batch.weight()
                      ? Future.succeededFuture(room)
                      : room.grow(batch.weight() - room.bytes(), wait)
                          .map(room)
                          .onFailure(failure -> room.release()));
    }

    private Future<Receipt> use(Room room, Batch batch, Ack ack) {
      if (random.nextInt(10) == 0) {
        room.release();
        return Future.succeededFuture(new Receipt.Refused(Refusal.UNKNOWN, Duration.ZERO, ""));
      }
      return room.put(batch, ack);
    }

    private void note(String event, Receipt receipt) {
      if (receipt instanceof Receipt.Kept) {
        kept.add(event);
      } else if (((Receipt.Refused) receipt).why() != Refusal.UNKNOWN) {
        refused.add(event);
      }
    }

    private void noRoom(String event, Throwable failure) {
      Receipt.Refused why = ((NoRoomException) failure).refused();
      boolean told = why.why() == Refusal.NO_CREDIT || (restless && why.why() == Refusal.DRAINING);
      if (!told || why.retryAfter().toMillis() < 1000) {
        ended.tryFail("refused with " + why);
      }
      refused.add(event);
    }

    private void answered() {
      answered++;
      if (random.nextInt(5) == 0) {
        vertx.setTimer(1 + random.nextInt(5), due -> next());
      } else {
        next();
      }
    }
  }
}

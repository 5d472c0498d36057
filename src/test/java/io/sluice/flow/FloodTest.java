package io.sluice.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Room;
import io.sluice.harness.Loop;
import io.sluice.harness.SluiceExtension;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One client floods a stream's door while another asks for a little. Time is counted in bytes that
 * come free, which is what the other waits for; the event bus is the real one.
 */
@ExtendWith(SluiceExtension.class)
class FloodTest {
  private static final long BUDGET = 100_000;
  private static final Duration WAIT = Duration.ofMinutes(1);

  private Vertx vertx;
  private Loop sender;
  private StreamInlet inlet;

  @BeforeEach
  void open(Vertx given) {
    vertx = given;
    Flow.install(vertx);
    Loop receiver = Loop.of(vertx);
    receiver.call(() -> Intake.open(vertx, StreamInlet.address("events"), BUDGET, never -> {}));
    sender = Loop.of(vertx);
    inlet = sender.call(() -> new Inlets(vertx).open("events"));
    Room first = sender.await(() -> inlet.reserve("anybody", BUDGET, WAIT));
    sender.run(first::release);
  }

  @AfterEach
  void undeploy() {
    Loop.undeployAll(vertx);
  }

  /** Bytes that come free until the polite one has its room. */
  private long waitBeside(int places, long bytesEach) {
    return sender.call(
        () -> {
          ArrayDeque<Room> rooms = new ArrayDeque<>();
          List<Room> polite = new ArrayList<>();
          for (int i = 0; i < places; i++) {
            inlet.reserve("flood", bytesEach, WAIT).onSuccess(rooms::add);
          }
          Future<Room> asked = inlet.reserve("polite", 100, WAIT).onSuccess(polite::add);
          long freed = 0;
          while (polite.isEmpty() && !rooms.isEmpty()) {
            Room done = rooms.remove();
            freed += done.bytes();
            done.release();
          }
          assertThat(asked.succeeded()).isTrue();
          polite.forEach(Room::release);
          while (!rooms.isEmpty()) {
            rooms.remove().release();
          }
          return freed;
        });
  }

  @Test
  void aThousandPlacesOfOneClientDoNotComeBeforeTheOneOfAnother() {
    assertThat(waitBeside(1000, 1000)).isLessThanOrEqualTo(2000);
  }

  @Test
  void theLargestBodiesOfOneClientDoNotComeBeforeTheSmallOneOfAnother() {
    assertThat(waitBeside(10, BUDGET - 50)).isLessThanOrEqualTo(BUDGET);
    assertThat(waitBeside(50, 30_000)).isZero();
  }

  /** Nothing comes home here but what is given back by hand. */
  @Test
  void largeBodiesLeaveRoomForSmallOnesOnEveryEventLoop() {
    Loop other = Loop.of(vertx);
    StreamInlet beside = other.call(() -> new Inlets(vertx).open("events"));
    List<Future<Room>> large = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      large.add(sender.call(() -> inlet.reserve("flood", 25_000, WAIT)));
      large.add(other.call(() -> beside.reserve("flood", 25_000, WAIT)));
    }
    large.get(0).toCompletionStage().toCompletableFuture().join();

    for (int i = 0; i < 10; i++) {
      sender.await(() -> inlet.reserve("polite", 100, WAIT));
      other.await(() -> beside.reserve("polite", 100, WAIT));
    }

    assertThat(large.stream().filter(Future::isComplete).count()).isBetween(2L, 3L);
  }

  @Test
  void whoeverIsAloneGetsAllThereIs() {
    List<Room> rooms =
        sender.call(
            () -> {
              List<Room> all = new ArrayList<>();
              for (int i = 0; i < 100; i++) {
                inlet.reserve("alone", BUDGET / 100, WAIT).onSuccess(all::add);
              }
              return all;
            });

    assertThat(rooms).hasSize(100);
  }
}

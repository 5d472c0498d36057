package io.sluice.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Sink;
import io.sluice.connector.SinkContext;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What every sink keeps to. A sink's test implements this beside its own tests. */
@ExtendWith(VertxExtension.class)
public interface SinkContract {
  /**
   * A sink that can be used at once.
   *
   * @param directory for whatever it wants to keep
   */
  Sink sink(SinkContext context, Path directory);

  /** What has arrived there, a line an event; empty for a destination that keeps nothing. */
  List<String> arrived(Path directory);

  /** Whether {@link #arrived} tells anything. */
  default boolean keeps() {
    return true;
  }

  @Test
  default void closesBeforeItWasOpened(Vertx vertx, @TempDir Path directory) {
    OnLoop sink = onLoop(vertx, directory);

    sink.close();
    sink.close();

    assertThat(arrived(directory.resolve("out"))).isEmpty();
  }

  @Test
  default void closesTwice(Vertx vertx, @TempDir Path directory) {
    OnLoop sink = onLoop(vertx, directory);
    sink.open();

    sink.close();
    sink.close();
  }

  @Test
  default void saysAfterCloseThatADeliveryWasNotTaken(Vertx vertx, @TempDir Path directory) {
    OnLoop sink = onLoop(vertx, directory);
    sink.open();
    sink.close();

    Outcome outcome = sink.delivered(Deliveries.numbered("events", 0, 1));

    if (keeps()) {
      assertThat(outcome).isInstanceOf(Outcome.Retry.class);
    }
  }

  @Test
  default void deliversInOrder(Vertx vertx, @TempDir Path directory) {
    OnLoop sink = onLoop(vertx, directory);
    sink.open();

    List<Future<Outcome>> outcomes = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Delivery delivery = Deliveries.numbered("events", 3L * i, 3);
      outcomes.add(sink.deliver(delivery));
      for (int k = 0; k < 3; k++) {
        expected.add("{\"n\":" + (3 * i + k) + "}");
      }
    }

    for (Future<Outcome> outcome : outcomes) {
      assertThat(OnLoop.wait(outcome)).isEqualTo(Outcome.stored());
    }
    if (keeps()) {
      assertThat(arrived(directory.resolve("out"))).containsExactlyElementsOf(expected);
    }
    sink.close();
  }

  @Test
  default void closeFinishesWhatWasBegun(Vertx vertx, @TempDir Path directory) {
    OnLoop sink = onLoop(vertx, directory);
    sink.open();

    Future<Outcome> outcome = sink.deliver(Deliveries.numbered("events", 0, 2));
    sink.close();

    assertThat(outcome.isComplete()).isTrue();
    assertThat(outcome.result()).isEqualTo(Outcome.stored());
    if (keeps()) {
      assertThat(arrived(directory.resolve("out"))).hasSize(2);
    }
  }

  @Test
  default void positionsItAnswersForAreThoseItWasGiven(Vertx vertx, @TempDir Path directory) {
    OnLoop sink = onLoop(vertx, directory);
    Map<String, Position> first = sink.open();
    assertThat(first).isEmpty();
    sink.delivered(Deliveries.numbered("events", 0, 5));
    sink.close();

    OnLoop again = onLoop(vertx, directory);
    Map<String, Position> positions = again.open();
    again.close();

    if (positions.containsKey("events")) {
      assertThat(positions).containsEntry("events", new Position(0, 5));
    }
  }

  private OnLoop onLoop(Vertx vertx, Path directory) {
    return new OnLoop(
        vertx, sink(new TestContext(vertx, directory.resolve("memory")), directory.resolve("out")));
  }
}

package io.sluice.delivery;

import static io.sluice.sink.Deliveries.in;
import static io.sluice.sink.Deliveries.lines;
import static io.sluice.sink.Deliveries.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.ByteSize;
import io.sluice.event.Batch;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchingTest {
  private static final Duration WAIT = Duration.ofMillis(50);

  private final FakeTimers timers = new FakeTimers();
  private final ScriptedSink destination = new ScriptedSink();

  private Batching batching(int maxEvents, long maxBytes, Duration maxWait, int inFlight) {
    BatchConfig config = new BatchConfig(maxEvents, new ByteSize(maxBytes), maxWait);
    return new Batching(destination, config, inFlight, timers);
  }

  @Test
  void joinsWhatFollowsUntilTheWaitIsOver() {
    Batching sink = batching(100, 1 << 20, WAIT, 1);

    Future<Outcome> first = sink.deliver(numbered("a", 0, 2));
    timers.pass(Duration.ofMillis(30));
    Future<Outcome> second = sink.deliver(numbered("a", 2, 3));
    assertThat(destination.tried).isEmpty();
    timers.pass(Duration.ofMillis(20));

    assertThat(destination.tried).hasSize(1);
    assertThat(destination.tried.get(0).events()).isEqualTo(5);
    assertThat(destination.tried.get(0).first()).isEqualTo(Position.START);
    destination.answer(Outcome.stored());
    assertThat(first.result()).isEqualTo(Outcome.stored());
    assertThat(second.result()).isEqualTo(Outcome.stored());
    assertThat(timers.pending()).isZero();
  }

  @Test
  void sendsAtOnceWhenThereAreEnoughEvents() {
    Batching sink = batching(4, 1 << 20, WAIT, 1);

    sink.deliver(numbered("a", 0, 2));
    sink.deliver(numbered("a", 2, 2));

    assertThat(destination.tried).hasSize(1);
    assertThat(timers.pending()).isZero();
  }

  @Test
  void sendsAtOnceWhenThereAreEnoughBytes() {
    Batching sink = batching(100, 16, WAIT, 1);

    sink.deliver(numbered("a", 0, 2));

    assertThat(destination.tried).hasSize(1);
  }

  @Test
  void doesNotJoinAcrossAGap() {
    Batching sink = batching(100, 1 << 20, WAIT, 2);

    sink.deliver(numbered("a", 0, 2));
    sink.deliver(numbered("a", 5, 2));
    timers.pass(WAIT);

    assertThat(destination.firsts()).containsExactly(0L, 5L);
  }

  @Test
  void doesNotJoinAcrossAnEpoch() {
    Batching sink = batching(100, 1 << 20, WAIT, 2);

    sink.deliver(numbered("a", 0, 2));
    sink.deliver(new Delivery("a", new Position(1, 2), List.of(lines("1"))));
    timers.pass(WAIT);

    assertThat(destination.tried).hasSize(2);
  }

  @Test
  void keepsToTheNumberUnderWay() {
    Batching sink = batching(1, 1 << 20, Duration.ZERO, 2);

    for (int i = 0; i < 5; i++) {
      sink.deliver(numbered("a", i, 1));
    }
    assertThat(destination.tried).hasSize(2);
    destination.answer(Outcome.stored());

    assertThat(destination.tried).hasSize(3);
  }

  @Test
  void dividesOnlyBetweenBatchesWhenTheyFit() {
    Batching sink = batching(4, 1 << 20, WAIT, 9);

    sink.deliver(in("a", 0, lines("1", "2", "3"), lines("4", "5", "6")));
    timers.pass(WAIT);

    assertThat(destination.tried.stream().map(Delivery::events)).containsExactly(3, 3);
  }

  @Test
  void slicesABatchThatIsTooLarge() {
    Batching sink = batching(2, 1 << 20, WAIT, 9);

    Future<Outcome> outcome = sink.deliver(numbered("a", 10, 5));
    timers.pass(WAIT);

    assertThat(destination.firsts()).containsExactly(10L, 12L, 14L);
    destination.answer(Outcome.stored());
    destination.answer(Outcome.refused("bad"));
    assertThat(outcome.isComplete()).isFalse();
    destination.answer(Outcome.stored());
    assertThat(outcome.result()).isEqualTo(Outcome.refused("bad"));
  }

  @Test
  void servesStreamsInTurn() {
    Batching sink = batching(1, 1 << 20, Duration.ZERO, 1);
    for (int i = 0; i < 3; i++) {
      sink.deliver(numbered("a", i, 1));
    }
    for (int i = 0; i < 3; i++) {
      sink.deliver(numbered("b", i, 1));
    }

    while (!destination.open.isEmpty()) {
      destination.answer(Outcome.stored());
    }

    assertThat(destination.tried.stream().map(Delivery::stream))
        .containsExactly("a", "b", "a", "b", "a", "b");
  }

  @Test
  void closeHandsOnWhatWasGathered() {
    Batching sink = batching(100, 1 << 20, WAIT, 1);
    Future<Outcome> first = sink.deliver(numbered("a", 0, 1));
    Future<Outcome> second = sink.deliver(numbered("b", 0, 1));

    sink.close();

    assertThat(first.result()).isEqualTo(Outcome.stored());
    assertThat(second.result()).isEqualTo(Outcome.stored());
    assertThat(timers.pending()).isZero();
    assertThat(sink.deliver(numbered("a", 1, 1)).result()).isInstanceOf(Outcome.Retry.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void losesDoublesAndReordersNothing(long seed) {
    Random random = new Random(seed);
    int maxEvents = 1 + random.nextInt(20);
    int inFlight = 1 + random.nextInt(4);
    Batching sink = batching(maxEvents, 1 + random.nextInt(300), WAIT, inFlight);
    List<Future<Outcome>> outcomes = new ArrayList<>();
    List<List<String>> sent = List.of(new ArrayList<>(), new ArrayList<>());
    long[] next = {0, 0};
    for (int step = 0; step < 600; step++) {
      switch (random.nextInt(3)) {
        case 0 -> {
          int stream = random.nextInt(2);
          next[stream] += random.nextInt(10) == 0 ? 7 : 0;
          int events = 1 + random.nextInt(12);
          outcomes.add(sink.deliver(numbered("s" + stream, next[stream], events)));
          for (int i = 0; i < events; i++) {
            sent.get(stream).add(next[stream]++ + "");
          }
        }
        case 1 -> timers.pass(Duration.ofMillis(random.nextInt(40)));
        default -> {
          if (!destination.open.isEmpty()) {
            int which = random.nextInt(destination.open.size());
            destination.open.remove(which).complete(Outcome.stored());
          }
        }
      }
      assertThat(destination.open.size()).as("seed %d", seed).isLessThanOrEqualTo(inFlight);
    }
    while (timers.pending() > 0 || !destination.open.isEmpty()) {
      timers.pass(WAIT);
      if (!destination.open.isEmpty()) {
        destination.answer(Outcome.stored());
      }
    }

    assertThat(outcomes)
        .as("seed %d", seed)
        .allMatch(outcome -> outcome.isComplete() && outcome.result().equals(Outcome.stored()));
    for (int stream = 0; stream < 2; stream++) {
      assertThat(arrived("s" + stream, maxEvents))
          .as("seed %d", seed)
          .containsExactlyElementsOf(sent.get(stream));
    }
  }

  private List<String> arrived(String stream, int maxEvents) {
    List<String> events = new ArrayList<>();
    for (Delivery delivery : destination.tried) {
      if (delivery.stream().equals(stream)) {
        assertThat(delivery.events()).isLessThanOrEqualTo(maxEvents);
        long ordinal = delivery.first().ordinal();
        for (Batch batch : delivery.batches()) {
          for (int i = 0; i < batch.size(); i++) {
            byte[] text = new byte[batch.end(i) - batch.start(i)];
            batch.event(i).payload().get(text);
            assertThat(new String(text, java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("{\"n\":" + ordinal + "}");
            events.add(ordinal++ + "");
          }
        }
      }
    }
    return events;
  }
}

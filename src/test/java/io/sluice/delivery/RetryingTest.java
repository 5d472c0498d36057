package io.sluice.delivery;

import static io.sluice.sink.Deliveries.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.connector.Sink;
import io.sluice.delivery.SinkSettings.OnRefused;
import io.sluice.event.Outcome;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryingTest {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration MAX = Duration.ofSeconds(2);

  private final FakeTimers timers = new FakeTimers();
  private final ScriptedSink destination = new ScriptedSink();
  private final List<String> reasons = new ArrayList<>();
  private final Retrying sink = retrying(Optional.empty());

  private Retrying retrying(Optional<Duration> budget) {
    return retrying(destination, budget, new Random(1));
  }

  private Retrying retrying(Sink inner, Optional<Duration> budget, Random random) {
    return new Retrying(
        inner,
        new RetryConfig(FIRST, MAX, budget),
        timers,
        random,
        new Refusals(
            OnRefused.DEAD_LETTER,
            (delivery, why) -> {
              reasons.add(why);
              return Future.succeededFuture();
            },
            new SinkTelemetry("archive", new SimpleMeterRegistry())),
        telemetry());
  }

  private static DeliveryTelemetry telemetry() {
    return new DeliveryTelemetry("archive", new SimpleMeterRegistry(), Clock.systemUTC());
  }

  @Test
  void triesAgainUntilItIsStored() {
    Future<Outcome> outcome = sink.deliver(numbered("a", 0, 2));

    for (int i = 0; i < 5; i++) {
      destination.answer(Outcome.retry("busy"));
      timers.runNext();
    }
    destination.answer(Outcome.stored());

    assertThat(outcome.result()).isEqualTo(Outcome.stored());
    assertThat(destination.firsts()).containsExactly(0L, 0L, 0L, 0L, 0L, 0L);
  }

  @Test
  void waitsAtMostTheDoubledTimeAndNeverMoreThanTheGreatest() {
    sink.deliver(numbered("a", 0, 1));

    for (int failures = 1; failures <= 20; failures++) {
      destination.answer(Outcome.retry("busy"));
      long most = Math.min(MAX.toMillis(), FIRST.toMillis() << (failures - 1));
      assertThat(timers.next()).isLessThanOrEqualTo(Duration.ofMillis(most));
      timers.runNext();
    }
  }

  @Test
  void jitterSpreadsOverTheWholeTime() {
    RetryConfig config = new RetryConfig(FIRST, MAX, Optional.empty());
    Random random = new Random(2);

    double mean =
        java.util.stream.IntStream.range(0, 1000)
            .mapToLong(i -> config.delay(3, random).toMillis())
            .average()
            .orElseThrow();

    assertThat(mean).isBetween(180.0, 220.0);
    assertThat(config.delay(Integer.MAX_VALUE, random)).isLessThanOrEqualTo(MAX);
  }

  @Test
  void waitsAtLeastAsLongAsTheDestinationAsks() {
    sink.deliver(numbered("a", 0, 1));

    destination.answer(Outcome.retry(Duration.ofSeconds(60), "maintenance"));

    assertThat(timers.next()).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void setsARefusedEventAsideWithoutTryingAgain() {
    Future<Outcome> outcome = sink.deliver(numbered("a", 0, 1));

    destination.answer(Outcome.refused("not JSON"));

    assertThat(outcome.result()).isEqualTo(Outcome.stored());
    assertThat(reasons).containsExactly("not JSON");
    assertThat(timers.pending()).isZero();
  }

  @Test
  void givesUpWhenTheBudgetIsSpent() {
    Retrying limited = retrying(Optional.of(Duration.ofSeconds(10)));
    Future<Outcome> outcome = limited.deliver(numbered("a", 0, 1));

    while (!outcome.isComplete()) {
      destination.answer(Outcome.retry("busy"));
      if (!outcome.isComplete()) {
        timers.runNext();
      }
    }

    assertThat(reasons).singleElement().asString().startsWith("gave up after ").endsWith(": busy");
    assertThat(Duration.ofNanos(timers.nanoTime())).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void holdsLaterDeliveriesOfTheStreamBack() {
    sink.deliver(numbered("a", 0, 1));
    destination.answer(Outcome.retry("busy"));

    sink.deliver(numbered("a", 1, 1));
    sink.deliver(numbered("b", 0, 1));
    timers.runNext();
    assertThat(destination.firsts()).containsExactly(0L, 0L, 0L);
    assertThat(destination.tried.get(1).stream()).isEqualTo("b");

    destination.answer(Outcome.stored());
    destination.answer(Outcome.stored());

    assertThat(destination.firsts()).containsExactly(0L, 0L, 0L, 1L);
  }

  @Test
  void sendsThoseThatFailedTogetherAgainInOrder() {
    List<Future<Outcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      outcomes.add(sink.deliver(numbered("a", i, 1)));
    }
    for (int i = 0; i < 4; i++) {
      destination.answer(Outcome.retry("no space left"));
    }

    timers.runNext();
    destination.answer(Outcome.stored());
    for (int i = 1; i < 4; i++) {
      destination.answer(Outcome.stored());
    }

    assertThat(destination.firsts()).containsExactly(0L, 1L, 2L, 3L, 0L, 1L, 2L, 3L);
    assertThat(outcomes).allMatch(outcome -> outcome.result().equals(Outcome.stored()));
  }

  @Test
  void waitsBeforeTryingOneAgainThatFailedWhileAnEarlierOneSucceeded() {
    sink.deliver(numbered("a", 0, 1));
    sink.deliver(numbered("a", 1, 1));
    destination.open.remove(1).complete(Outcome.retry(Duration.ofSeconds(5), "busy"));

    destination.answer(Outcome.stored());

    assertThat(destination.tried).hasSize(2);
    assertThat(timers.next()).isEqualTo(Duration.ofSeconds(5));
    timers.runNext();
    assertThat(destination.firsts()).containsExactly(0L, 1L, 1L);
  }

  /** It may yet be turned away, and a destination takes what is behind it for later. */
  @Test
  void sendsNothingPastOneThatWasSentBesideARefusedOne() {
    sink.deliver(numbered("a", 0, 1));
    sink.deliver(numbered("a", 1, 1));
    sink.deliver(numbered("a", 2, 1));
    destination.open.remove(1).complete(Outcome.refused("unfit"));
    sink.deliver(numbered("a", 3, 1));

    destination.answer(Outcome.stored());

    assertThat(destination.firsts()).containsExactly(0L, 1L, 2L);
    destination.answer(Outcome.retry("earlier events have to be written first"));
    timers.runNext();
    destination.answer(Outcome.stored());
    assertThat(destination.firsts()).containsExactly(0L, 1L, 2L, 2L, 3L);
  }

  @Test
  void closeAnswersWhatWaitsAndLetsTheDestinationFinishTheRest() {
    Future<Outcome> first = sink.deliver(numbered("a", 0, 1));
    destination.answer(Outcome.retry("busy"));
    Future<Outcome> held = sink.deliver(numbered("a", 1, 1));
    Future<Outcome> underWay = sink.deliver(numbered("b", 0, 1));

    sink.close();

    assertThat(first.result()).isInstanceOf(Outcome.Retry.class);
    assertThat(held.result()).isInstanceOf(Outcome.Retry.class);
    assertThat(underWay.result()).isEqualTo(Outcome.stored());
    assertThat(destination.closed).isTrue();
    assertThat(timers.pending()).isZero();
    assertThat(sink.deliver(numbered("a", 0, 1)).result()).isInstanceOf(Outcome.Retry.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void answersEveryDeliveryUnderRandomFaults(long seed) {
    Random random = new Random(seed);
    Retrying retrying =
        retrying(
            new TimeLimited(destination, Duration.ofSeconds(1), timers, telemetry()),
            Optional.empty(),
            random);
    List<Future<Outcome>> outcomes = new ArrayList<>();
    long[] next = {0, 0};
    for (int step = 0; step < 400 || !outcomes.stream().allMatch(Future::isComplete); step++) {
      int action = random.nextInt(4);
      if (action == 0 && step < 400) {
        int stream = random.nextInt(2);
        outcomes.add(retrying.deliver(numbered("s" + stream, next[stream], 4)));
        next[stream] += 4;
      } else if (action == 1 && timers.pending() > 0) {
        timers.runNext();
      } else if (!destination.open.isEmpty()) {
        int which = random.nextInt(destination.open.size());
        destination.open.remove(which).complete(outcome(random));
      } else if (timers.pending() > 0) {
        timers.runNext();
      }
      assertThat(step).as("seed %d comes to an end", seed).isLessThan(100_000);
    }
    assertThat(outcomes)
        .as("seed %d", seed)
        .allMatch(outcome -> outcome.result().equals(Outcome.stored()));
    assertThat(timers.pending()).as("seed %d leaves no timer", seed).isZero();
  }

  private static Outcome outcome(Random random) {
    return switch (random.nextInt(6)) {
      case 0, 1 -> Outcome.retry("busy");
      case 2 -> Outcome.retry(Duration.ofMillis(random.nextInt(5000)), "busy");
      case 3 -> random.nextInt(8) == 0 ? Outcome.refused("bad") : Outcome.stored();
      default -> Outcome.stored();
    };
  }
}

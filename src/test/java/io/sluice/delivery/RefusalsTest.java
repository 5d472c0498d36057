package io.sluice.delivery;

import static io.sluice.sink.Deliveries.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.connector.DeadLetters;
import io.sluice.connector.Sink;
import io.sluice.delivery.SinkSettings.OnRefused;
import io.sluice.event.Batch;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.sluice.harness.LogHeard;
import io.sluice.sink.Deliveries;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What becomes of refused events: {@link Retrying} singles them out, {@link Refusals} ends them.
 */
class RefusalsTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final SinkTelemetry telemetry = new SinkTelemetry("archive", meters);
  private final FakeTimers timers = new FakeTimers();
  private final Picky destination = new Picky();
  private final List<Delivery> letters = new ArrayList<>();
  private final DeadLetters keeping =
      (delivery, why) -> {
        letters.add(delivery);
        return Future.succeededFuture();
      };

  /** Takes all but what is poison; remembers what it took, and how often it was asked. */
  private static final class Picky implements Sink {
    final List<Long> taken = new ArrayList<>();
    Set<Long> poison = Set.of();
    Set<Long> busy = Set.of();
    int attempts;

    @Override
    public Future<Map<String, Position>> open() {
      return Future.succeededFuture(Map.of());
    }

    @Override
    public Future<Outcome> deliver(Delivery delivery) {
      attempts++;
      List<Long> ordinals =
          LongStream.range(delivery.first().ordinal(), delivery.next().ordinal()).boxed().toList();
      if (ordinals.stream().anyMatch(poison::contains)) {
        return Future.succeededFuture(Outcome.refused("poison"));
      }
      if (ordinals.stream().anyMatch(busy::contains)) {
        return Future.succeededFuture(Outcome.retry("busy"));
      }
      taken.addAll(ordinals);
      return Future.succeededFuture(Outcome.stored());
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }
  }

  private Retrying sink(OnRefused policy) {
    return sink(policy, keeping, Optional.empty());
  }

  private Retrying sink(OnRefused policy, DeadLetters letters, Optional<Duration> budget) {
    return new Retrying(
        destination,
        new RetryConfig(Duration.ofMillis(100), Duration.ofSeconds(2), budget),
        timers,
        new Random(1),
        new Refusals(policy, letters, telemetry),
        new DeliveryTelemetry("archive", meters, Clock.systemUTC()));
  }

  private static Delivery hundred() {
    List<Batch> batches = new ArrayList<>();
    for (int first = 0; first < 100; first += 20) {
      batches.add(numbered("events", first, 20).batches().get(0));
    }
    return Deliveries.at(0, batches.toArray(Batch[]::new));
  }

  private static List<Long> allBut(Long... left) {
    List<Long> all = new ArrayList<>(LongStream.range(0, 100).boxed().toList());
    all.removeAll(List.of(left));
    return all;
  }

  @Test
  void onePoisonedEventOfManyCostsOnlyItself() {
    destination.poison = Set.of(37L);

    Future<Outcome> outcome = sink(OnRefused.DEAD_LETTER).deliver(hundred());

    assertThat(outcome.result()).isEqualTo(Outcome.stored());
    assertThat(destination.taken).isEqualTo(allBut(37L));
    assertThat(letters).hasSize(1);
    assertThat(letters.get(0).first()).isEqualTo(new Position(0, 37));
    assertThat(text(letters.get(0))).isEqualTo("{\"n\":37}");
    assertThat(destination.attempts).isLessThan(20);
  }

  private static String text(Delivery delivery) {
    Batch batch = delivery.batches().get(0);
    assertThat(batch.size()).isEqualTo(1);
    return new String(
        batch.region(),
        batch.start(0),
        batch.end(0) - batch.start(0),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  @Test
  void poisonAtBothEndsAndAcrossBatchesIsSetAsideInOrder() {
    destination.poison = Set.of(0L, 19L, 20L, 99L);

    Future<Outcome> outcome = sink(OnRefused.DEAD_LETTER).deliver(hundred());

    assertThat(outcome.result()).isEqualTo(Outcome.stored());
    assertThat(destination.taken).isEqualTo(allBut(0L, 19L, 20L, 99L));
    assertThat(letters)
        .extracting(letter -> letter.first().ordinal())
        .containsExactly(0L, 19L, 20L, 99L);
  }

  @Test
  void dropsAndCountsWhenToldTo() {
    destination.poison = Set.of(5L, 6L);

    Future<Outcome> outcome = sink(OnRefused.DROP).deliver(hundred());

    assertThat(outcome.result()).isEqualTo(Outcome.stored());
    assertThat(letters).isEmpty();
    assertThat(meters.find("sluice.dead.letters").counters())
        .anySatisfy(counter -> assertThat(counter.count()).isEqualTo(2));
  }

  @Test
  void haltsAtThePoisonedEventAndSendsNothingBehindIt() {
    destination.poison = Set.of(37L);

    Future<Outcome> outcome = sink(OnRefused.HALT).deliver(hundred());

    assertThat(outcome.isComplete()).isFalse();
    assertThat(destination.taken).isEqualTo(LongStream.range(0, 37).boxed().toList());
    assertThat(telemetry.state()).startsWith("halted: ");
  }

  @Test
  void nothingBehindAPartThatIsPutOffIsSent() {
    destination.poison = Set.of(80L);
    destination.busy = Set.of(10L);

    Retrying sink = sink(OnRefused.DEAD_LETTER);
    Future<Outcome> outcome = sink.deliver(hundred());
    sink.deliver(numbered("events", 100, 1));

    assertThat(outcome.isComplete()).isFalse();
    assertThat(destination.taken).allMatch(ordinal -> ordinal < 10);
    assertThat(letters).isEmpty();

    destination.busy = Set.of();
    timers.runNext();

    assertThat(outcome.result()).isEqualTo(Outcome.stored());
    assertThat(destination.taken)
        .isEqualTo(LongStream.rangeClosed(0, 100).filter(n -> n != 80).boxed().toList());
  }

  @Test
  void deliveriesBehindARefusedOneWaitUntilItsDeadLetterIsKept() {
    destination.poison = Set.of(1L);
    List<Promise<Void>> keeping = new ArrayList<>();
    Retrying sink =
        sink(
            OnRefused.DEAD_LETTER,
            (delivery, why) -> {
              keeping.add(Promise.promise());
              return keeping.get(0).future();
            },
            Optional.empty());

    sink.deliver(numbered("events", 0, 4));
    Future<Outcome> behind = sink.deliver(numbered("events", 4, 1));
    assertThat(destination.taken).containsExactly(0L);

    keeping.get(0).complete();
    assertThat(behind.result()).isEqualTo(Outcome.stored());
    assertThat(destination.taken).containsExactly(0L, 2L, 3L, 4L);
  }

  @Test
  void aDeadLetterThatCannotBeKeptIsTriedAgainAfterAWait() {
    destination.poison = Set.of(3L);
    AtomicBoolean full = new AtomicBoolean(true);
    Retrying sink =
        sink(
            OnRefused.DEAD_LETTER,
            (delivery, why) ->
                full.get() ? Future.failedFuture("disk full") : Future.succeededFuture(),
            Optional.empty());

    Future<Outcome> outcome = sink.deliver(numbered("events", 0, 5));
    timers.runNext();
    assertThat(outcome.isComplete()).isFalse();

    full.set(false);
    timers.runNext();
    assertThat(outcome.result()).isEqualTo(Outcome.stored());
    assertThat(destination.taken).containsExactly(0L, 1L, 2L, 4L);
  }

  @Test
  void whatSpentItsBudgetIsSetAsideAsOneAndIsNotTriedInParts() {
    destination.busy = Set.of(50L);
    Retrying sink = sink(OnRefused.DEAD_LETTER, keeping, Optional.of(Duration.ofSeconds(10)));

    Future<Outcome> outcome = sink.deliver(hundred());
    while (!outcome.isComplete()) {
      timers.runNext();
    }

    assertThat(outcome.result()).isEqualTo(Outcome.stored());
    assertThat(letters).extracting(Delivery::events).containsExactly(100);
    assertThat(Duration.ofNanos(timers.nanoTime())).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void theSinkStandsWhileDeadLettersCannotBeKeptAndSaysSoOnce() {
    destination.poison = Set.of(1L);
    AtomicBoolean full = new AtomicBoolean(true);
    DeadLetters letterBox =
        (delivery, why) -> full.get() ? Future.failedFuture("full") : keeping.keep(delivery, why);
    telemetry.open();
    try (LogHeard log = LogHeard.of(SinkTelemetry.class)) {
      Future<Outcome> outcome =
          sink(OnRefused.DEAD_LETTER, letterBox, Optional.empty())
              .deliver(numbered("events", 0, 3));
      timers.pass(Duration.ofSeconds(10));

      assertThat(outcome.isComplete()).isFalse();
      assertThat(destination.taken).containsExactly(0L);
      assertThat(telemetry.state()).isEqualTo("standing: full");
      full.set(false);
      timers.pass(Duration.ofSeconds(10));

      assertThat(outcome.result()).isEqualTo(Outcome.stored());
      assertThat(destination.taken).containsExactly(0L, 2L);
      assertThat(letters).hasSize(1);
      assertThat(telemetry.state()).isEqualTo("open");
      assertThat(log.lines())
          .extracting(line -> line.substring(0, line.indexOf(" sink=")))
          .containsExactly(
              "WARN dead letters cannot be kept, the sink stands until they can",
              "INFO dead letters can be kept again, the sink goes on",
              "WARN refused events kept as dead letters");
    }
  }
}

package io.sluice.delivery;

import static io.sluice.sink.Deliveries.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.event.Outcome;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeLimitedTest {
  private final FakeTimers timers = new FakeTimers();
  private final ScriptedSink destination = new ScriptedSink();
  private final DeliveryTelemetry telemetry =
      new DeliveryTelemetry("archive", new SimpleMeterRegistry(), Clock.systemUTC());
  private final TimeLimited sink =
      new TimeLimited(destination, Duration.ofSeconds(30), timers, telemetry);

  @Test
  void passesAnAnswerInTimeOn() {
    Future<Outcome> outcome = sink.deliver(numbered("a", 0, 1));

    destination.answer(Outcome.stored());

    assertThat(outcome.result()).isEqualTo(Outcome.stored());
    assertThat(timers.pending()).isZero();
  }

  @Test
  void countsAnAttemptWithoutAnswerAsRetryAndIgnoresTheLateAnswer() {
    Future<Outcome> outcome = sink.deliver(numbered("a", 0, 1));

    timers.pass(Duration.ofSeconds(30));
    assertThat(outcome.result()).isEqualTo(Outcome.retry("no answer within 30s"));
    destination.answer(Outcome.stored());

    assertThat(outcome.result()).isEqualTo(Outcome.retry("no answer within 30s"));
    assertThat(telemetry.lateAnswers()).isEqualTo(1);
  }
}

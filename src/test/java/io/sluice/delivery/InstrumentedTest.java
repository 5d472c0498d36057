package io.sluice.delivery;

import static io.sluice.sink.Deliveries.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.event.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InstrumentedTest {
  @Test
  void countsWhatArrivedAndTimesEveryAttempt() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    FakeTimers timers = new FakeTimers();
    ScriptedSink destination = new ScriptedSink();
    DeliveryTelemetry telemetry = new DeliveryTelemetry("archive", meters, Clock.systemUTC());
    Instrumented sink = new Instrumented(destination, timers, telemetry);

    sink.deliver(numbered("a", 0, 3));
    timers.pass(Duration.ofSeconds(2));
    destination.answer(Outcome.retry("busy"));
    sink.deliver(numbered("a", 0, 3));
    timers.pass(Duration.ofSeconds(1));
    destination.answer(Outcome.stored());

    assertThat(
            meters
                .get("sluice.sink.delivery")
                .tag("outcome", "retry")
                .timer()
                .totalTime(TimeUnit.SECONDS))
        .isEqualTo(2);
    assertThat(meters.get("sluice.sink.delivery").tag("outcome", "stored").timer().count())
        .isEqualTo(1);
    assertThat(meters.get("sluice.events").tag("sink", "archive").counter().count()).isEqualTo(3);
    assertThat(meters.get("sluice.bytes").tag("stream", "a").counter().count()).isEqualTo(24);
  }
}

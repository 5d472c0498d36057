package io.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import io.sluice.telemetry.Meters;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final Instant RECEIVED = Instant.parse("2026-05-01T12:00:00Z");
  private static final long NOW = RECEIVED.toEpochMilli() + 20;

  private final Meters meters = new Meters();
  private final Arrivals arrivals = new Arrivals("events", meters.registry());

  @AfterEach
  void close() {
    meters.close();
  }

  private static Batch batch(String source, Instant... times) {
    int events = Math.max(2, times.length);
    int[] bounds = new int[2 * events];
    Arrays.setAll(bounds, at -> (at + 1) / 2);
    return Batch.of(
        new byte[events],
        bounds,
        false,
        new Origin(source, Origin.ANONYMOUS, "text/plain", RECEIVED),
        new Columns(List.of(), List.of(), Arrays.asList(times), List.of()));
  }

  private Timer freshness(String source) {
    return meters.registry().get("sluice.freshness").tag("source", source).timer();
  }

  @Test
  void eventsThatSayWhenTheyHappenedCountByThat() {
    arrivals.kept(batch("hook", RECEIVED.minusSeconds(10), null, RECEIVED.minusSeconds(2)), NOW);

    assertThat(freshness("hook").count()).isEqualTo(3);
    assertThat(freshness("hook").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(12_060);
  }

  @Test
  void ofABatchThatDoesNotSayTheMomentItWasReceivedCountsOnce() {
    arrivals.kept(batch("hook"), NOW);

    assertThat(freshness("hook").count()).isOne();
    assertThat(freshness("hook").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(20);
  }

  @Test
  void aSendersClockThatIsAheadMakesNoEventYoungerThanNew() {
    arrivals.kept(batch("hook", RECEIVED.plusSeconds(90), Instant.MAX, Instant.MIN), NOW);

    assertThat(freshness("hook").count()).isEqualTo(3);
    assertThat(freshness("hook").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(40);
  }

  @Test
  void whatTheStreamHadAlreadyCountsForTheSourceThatBroughtItAgain() {
    arrivals.repeated("hook", 3);
    arrivals.repeated("check", 1);

    assertThat(meters.scrape(Meters.TEXT))
        .contains("sluice_duplicates_total{source=\"hook\",stream=\"events\"} 3.0")
        .contains("sluice_duplicates_total{source=\"check\",stream=\"events\"} 1.0");
  }
}

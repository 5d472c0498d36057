package io.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricTest {
  private final Meters meters = new Meters();

  @AfterEach
  void close() {
    meters.close();
  }

  @Test
  void namesAreWhatTheManualSays() {
    assertThat(Arrays.stream(Metric.values()).map(Metric::prometheusName))
        .contains(
            "sluice_events_total",
            "sluice_bytes_total",
            "sluice_refused_total",
            "sluice_credit_bytes",
            "sluice_stream_lag_events",
            "sluice_stream_lag_seconds",
            "sluice_freshness_seconds",
            "sluice_ack_seconds",
            "sluice_sink_delivery_seconds",
            "sluice_sink_retries_total",
            "sluice_dead_letters_total",
            "sluice_polls_total",
            "sluice_journal_commits_total",
            "sluice_journal_force_seconds",
            "sluice_journal_size_bytes",
            "sluice_journal_segments",
            "sluice_journal_lost_events_total",
            "sluice_config_generation",
            "sluice_config_applied_timestamp_seconds",
            "sluice_config_valid",
            "sluice_config_reloads_total")
        .doesNotHaveDuplicates();
  }

  @Test
  void aScrapeShowsEachUnderItsName() {
    for (Metric metric : Metric.values()) {
      touch(metric);
    }

    assertThat(Arrays.stream(Metric.values()).map(metric -> "# HELP " + metric.prometheusName()))
        .allSatisfy(line -> assertThat(meters.scrape(Meters.TEXT)).contains(line + " "));
  }

  @Test
  void aSourceAndASinkCountUnderOneName() {
    Metric.EVENTS.counter(meters.registry(), Label.SOURCE.of("app")).increment(3);
    Metric.EVENTS
        .counter(meters.registry(), Label.SINK.of("archive"), Label.STREAM.of("events"))
        .increment(2);

    assertThat(meters.scrape(Meters.TEXT))
        .contains("sluice_events_total{sink=\"\",source=\"app\",stream=\"\"} 3.0")
        .contains("sluice_events_total{sink=\"archive\",source=\"\",stream=\"events\"} 2.0");
  }

  @Test
  void timesAreHistogramsInSeconds() {
    Metric.ACK.timer(meters.registry(), Label.SOURCE.of("app")).record(Duration.ofMillis(3));

    assertThat(meters.scrape(Meters.TEXT))
        .contains("sluice_ack_seconds_bucket{source=\"app\",stream=\"\",le=\"0.005\"} 1")
        .contains("sluice_ack_seconds_sum{source=\"app\",stream=\"\"} 0.003");
  }

  @Test
  void aTimeGaugeTakesNanosecondsAndShowsSeconds() {
    Metric.STREAM_LAG.timeGauge(meters.registry(), () -> 1_500_000_000L, Label.SINK.of("archive"));

    assertThat(meters.scrape(Meters.TEXT))
        .contains("sluice_stream_lag_seconds{sink=\"archive\",stream=\"\"} 1.5");
  }

  @Test
  void refusesLabelsAndKindsThatAreNotTheMetrics() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();

    assertThatThrownBy(() -> Metric.ACK.timer(registry, Label.REASON.of("x")))
        .hasMessageContaining("reason");
    assertThatThrownBy(() -> Metric.ACK.counter(registry)).hasMessageContaining("TIMER");
  }

  @Test
  void speaksOpenMetricsToo() {
    touch(Metric.EVENTS);

    assertThat(meters.scrape(Meters.OPEN_METRICS))
        .contains("# TYPE sluice_events counter")
        .endsWith("# EOF\n");
  }

  @Test
  void tellsOfTheJvm() {
    assertThat(meters.scrape(Meters.TEXT)).contains("jvm_memory_used_bytes", "process_cpu_usage");
  }

  private void touch(Metric metric) {
    String name = metric.prometheusName();
    if (name.endsWith("_total")) {
      metric.counter(meters.registry());
    } else if (metric == Metric.STREAM_LAG
        || metric == Metric.DEDUPE_SPAN
        || metric == Metric.POLL_INTERVAL
        || metric == Metric.CONFIG_SINCE) {
      metric.timeGauge(meters.registry(), () -> 1);
    } else if (name.endsWith("_seconds")) {
      metric.timer(meters.registry());
    } else {
      metric.gauge(meters.registry(), () -> 1);
    }
  }
}

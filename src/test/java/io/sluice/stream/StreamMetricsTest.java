package io.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.ByteSize;
import io.sluice.connector.Room;
import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.flow.Flow;
import io.sluice.flow.Inlets;
import io.sluice.flow.StreamInlet;
import io.sluice.harness.Loop;
import io.sluice.harness.SluiceExtension;
import io.sluice.journal.Journal;
import io.sluice.sink.Deliveries;
import io.sluice.telemetry.Meters;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a scrape says of a stream on disk. */
@ExtendWith(SluiceExtension.class)
class StreamMetricsTest {
  @TempDir private Path directory;
  private final Meters meters = new Meters();
  private Vertx vertx;

  @AfterEach
  void undeploy() {
    Loop.undeployAll(vertx);
    meters.close();
  }

  private void scrapes(String... lines) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(meters.scrape(Meters.TEXT)).contains(lines));
  }

  @Test
  void tellsWhatTheJournalDoesAndHowOldIsWhatTheSinkDoesNotHave(Vertx given) {
    vertx = given;
    Flow.install(vertx);
    Clock later =
        Clock.fixed(Deliveries.JSON.received().plus(Duration.ofSeconds(90)), ZoneOffset.UTC);
    Stream stream =
        new Stream(
            vertx,
            "events",
            new StreamSettings(
                StreamSettings.Buffer.DISK,
                Optional.of(ByteSize.parse("64MiB")),
                StreamSettings.WhenFull.BLOCK,
                Optional.empty(),
                Sync.ALWAYS,
                ByteSize.parse("1MiB"),
                Optional.empty(),
                Optional.empty()),
            List.of("absent"),
            Journal::open,
            directory.resolve("events"),
            Optional.empty(),
            meters.registry(),
            later,
            failure -> {});
    Loop.wait(stream.start());
    Loop source = Loop.of(vertx);
    StreamInlet inlet = source.call(() -> new Inlets(vertx).open("events"));

    scrapes("sluice_stream_lag_seconds{sink=\"absent\",stream=\"events\"} 0.0");
    Batch batch = Deliveries.lines("1", "2");
    source.await(
        () ->
            inlet
                .reserve(batch.weight(), Duration.ofSeconds(10))
                .compose((Room room) -> room.put(batch, Ack.STORED)));

    scrapes(
        "sluice_journal_commits_total{stream=\"events\"} 1.0",
        "sluice_journal_force_seconds_count{stream=\"events\"} 1",
        "sluice_journal_force_seconds_bucket{stream=\"events\",le=\"60.0\"} 1",
        "sluice_journal_segments{stream=\"events\"} 1.0",
        "sluice_journal_lost_events_total{stream=\"events\"} 0.0",
        "sluice_stream_lag_seconds{sink=\"absent\",stream=\"events\"} 90.0");
    assertThat(meters.scrape(Meters.TEXT))
        .containsPattern("sluice_journal_size_bytes\\{stream=\"events\"} [1-9]");
    source.await(inlet::close);
    Loop.wait(stream.stop());
  }
}

package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.admin.AdminConfig;
import io.sluice.config.Checked;
import io.sluice.config.Reading;
import io.sluice.connector.Catalog;
import io.sluice.control.Configuration;
import io.sluice.control.ConfigurationModel;
import io.sluice.control.DataDirectory;
import io.sluice.control.Drain;
import io.sluice.control.Gateway;
import io.sluice.flow.Flow;
import io.sluice.harness.Effort;
import io.sluice.harness.FreePorts;
import io.sluice.harness.Loop;
import io.sluice.harness.MaxLog;
import io.sluice.harness.SluiceExtension;
import io.sluice.journal.Journal;
import io.sluice.net.Listeners;
import io.sluice.replica.Replica;
import io.sluice.source.http.HttpSourceFactory;
import io.sluice.telemetry.Meters;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/** A sink that stops under full load, in front of a stream in memory. */
@ExtendWith(SluiceExtension.class)
@MaxLog(Level.WARN)
class StalledSinkTest {
  private static final long LIMIT = 8 << 20;

  /** What the clients, the server and the test's own notes take beside the stream. Bytes. */
  private static final long BESIDE = 24 << 20;

  private static final Duration FULL_WITHIN = Duration.ofSeconds(30);

  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:1"},
       "sources": {"in": {"type": "http", "listen": "127.0.0.1:%d", "path": "/v1/events", "to": "events",
                          "roomWithin": "200ms"}},
       "streams": {"events": {"buffer": "memory", "maxBytes": "8MiB", "intake": "8MiB"}},
       "sinks": {"slow": {"type": "stalling", "from": "events"}}}
      """;

  @TempDir private Path directory;

  @Test
  void memoryStaysWithinTheStreamAndNothingAcknowledgedIsLost(Vertx vertx) throws IOException {
    stall(vertx, Duration.ofSeconds(3));
  }

  @Test
  @Tag("slow")
  void memoryStaysWithinTheStreamHoweverLongTheStall(Vertx vertx) throws IOException {
    stall(vertx, Duration.ofSeconds(Effort.of(60, 15)));
  }

  private void stall(Vertx vertx, Duration time) throws IOException {
    Flow.install(vertx);
    StallingSink sink = new StallingSink(vertx);
    int port = FreePorts.next();
    try (DataDirectory data = DataDirectory.open(directory.resolve("data"))) {
      Gateway gateway = gateway(vertx, sink, port, data);
      Loop.wait(gateway.start());
      try (Pushers pushers = new Pushers(port, 12)) {
        pushers.start();
        Awaitility.await().until(() -> pushers.acknowledged().size() > 1000);
        long before = heap();

        sink.stall();
        // One may be refused for a busy machine; so many are for a stream that is full.
        Awaitility.await().atMost(FULL_WITHIN).until(() -> pushers.refused() > 10);
        long most = mostHeapWithin(time);
        sink.goOn();
        int kept = pushers.acknowledged().size();
        Awaitility.await().until(() -> pushers.acknowledged().size() > kept + 1000);
        pushers.stop();

        assertThat(most - before).as("heap taken while stalled").isLessThan(LIMIT + BESIDE);
        assertThat(pushers.flaws()).isEmpty();
        Awaitility.await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> sink.taken().keySet().containsAll(pushers.acknowledged()));
        assertThat(sink.taken().values()).as("times an event came").containsOnly(1);
      }
      Loop.wait(gateway.stop());
    }
    Loop.undeployAll(vertx);
  }

  private Gateway gateway(Vertx vertx, StallingSink sink, int port, DataDirectory data)
      throws IOException {
    Meters meters = new Meters();
    Listeners listeners = new Listeners(vertx, meters.registry(), 2);
    ConfigurationModel<AdminConfig> model =
        new ConfigurationModel<>(
            Catalog.of(List.of(new HttpSourceFactory(() -> listeners)), List.of(sink)),
            AdminConfig.class,
            AdminConfig::claims);
    Path file = Files.writeString(directory.resolve("sluice.json"), CONFIG.formatted(port));
    Configuration<AdminConfig> configuration =
        model
            .check(Reading.of(List.of(file)), name -> null)
            .fold(
                Checked.Good::value,
                bad -> {
                  throw new AssertionError(bad.problems());
                });
    return new Gateway(
        vertx,
        configuration.settings(),
        data,
        Journal::open,
        meters.registry(),
        Clock.systemUTC(),
        new Drain(Duration.ZERO, Duration.ofSeconds(10)),
        Replica.of(vertx, configuration.replicas(), () -> "here", name -> null, meters.registry()),
        failure -> {});
  }

  private static long mostHeapWithin(Duration time) {
    long[] most = new long[1];
    long end = System.nanoTime() + time.toNanos();
    Awaitility.await()
        .atMost(time.plusSeconds(30))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              most[0] = Math.max(most[0], heap());
              return System.nanoTime() - end > 0;
            });
    return most[0];
  }

  /** What lives on the heap once garbage is collected. Bytes. */
  private static long heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}

package io.sluice.source.poll.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.CursorCommand;
import io.sluice.config.HostPort;
import io.sluice.config.Key;
import io.sluice.connector.Catalog;
import io.sluice.control.ConfigurationModel;
import io.sluice.harness.GatewayProcess;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cursor that was damaged while the gateway was down: what is seen of it, and the ways out. */
class DamagedCursorTest {
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {"logs": {"type": "directory", "path": "in/*.log", "every": "50ms", "to": "logs"}},
       "streams": {"logs": {"dedupe": {"by": "/n"}}},
       "sinks": {"out": {"type": "file", "from": "logs", "path": "out.ndjson"}}}
      """;

  private record Admin(@Key(doc = "Address.", preset = "127.0.0.1:9090") HostPort listen) {}

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> written = new ArrayList<>();
  @TempDir private Path directory;
  private Path cursor;
  private byte[] sound;

  @BeforeEach
  void readSomethingAndDamageTheCursor() throws IOException {
    cursor = directory.resolve("data/cursors/logs");
    Files.createDirectories(directory.resolve("in"));
    write("{\"n\": 1}", "{\"n\": 2}");
    try (GatewayProcess gateway = GatewayProcess.in(directory, CONFIG).start()) {
      await(() -> out().equals(written));
      assertThat(gateway.stop()).isZero();
    }
    sound = Files.readAllBytes(cursor);
    byte[] damaged = sound.clone();
    damaged[damaged.length / 2] ^= 1;
    Files.write(cursor, damaged);
    write("{\"n\": 3}");
  }

  @Test
  void theSourceStandsAndSaysSoEverywhereUntilTheFileIsRestoredAndTheSourceResumed()
      throws Exception {
    try (GatewayProcess gateway = GatewayProcess.in(directory, CONFIG).start()) {
      await(() -> source(gateway, "topology").getString("state").equals("halted"));

      assertThat(source(gateway, "topology").getString("trouble"))
          .contains("the cursor is lost", "cursors/logs", "restore the file", "resume");
      assertThat(source(gateway, "report").getString("advice"))
          .startsWith("See to this first: the cursor is lost");
      assertThat(gateway.output().lines())
          .filteredOn(line -> line.contains("the cursor is lost and the source stands"))
          .hasSize(1)
          .allMatch(line -> line.contains("ERROR") && line.contains("source=logs"));
      assertThat(gateway.get("/metrics")).contains("sluice_poll_well{source=\"logs\"} 0.0");
      // Events that are pushed find their way, so the gateway is not taken out of service.
      assertThat(gateway.status("/health/ready")).isEqualTo(200);
      assertThat(steer(gateway, "poll")).isEqualTo(409);
      assertThat(cursor("list")).isOne();
      assertThat(cursor("rewind", "logs", "--start")).isEqualTo(75);
      assertThat(out()).hasSize(2);

      Files.write(cursor, sound);
      assertThat(steer(gateway, "resume")).isEqualTo(200);
      await(() -> out().equals(written));
      assertThat(source(gateway, "topology").getString("state")).isEqualTo("running");
      assertThat(gateway.get("/metrics")).contains("sluice_poll_well{source=\"logs\"} 1.0");
      assertThat(gateway.stop()).isZero();
    }
  }

  @Test
  void withoutABackupTheSourceReadsEverythingAgainAndNothingIsDoubled() throws Exception {
    byte[] damaged = Files.readAllBytes(cursor);
    assertThat(cursor("rewind", "logs", "--start")).isZero();

    try (var files = Files.list(cursor.getParent())) {
      Path aside =
          files.filter(file -> file.toString().contains("logs~")).findFirst().orElseThrow();
      assertThat(aside).hasBinaryContent(damaged);
    }
    try (GatewayProcess gateway = GatewayProcess.in(directory, CONFIG).start()) {
      await(() -> out().size() >= 3);
      await(() -> source(gateway, "report").getLong("duplicates") == 2);
      assertThat(out()).isEqualTo(written);
      assertThat(gateway.stop()).isZero();
    }
    assertThat(cursor("list")).isZero();
  }

  private void write(String... lines) throws IOException {
    written.addAll(List.of(lines));
    Files.write(
        directory.resolve("in/a.log"),
        List.of(lines),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** Runs {@code sluice cursor}; answers its exit code. */
  private int cursor(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--data", directory.resolve("data").toString()));
    ConfigurationModel<Admin> nothing =
        new ConfigurationModel<>(Catalog.of(List.of(), List.of()), Admin.class, admin -> Set.of());
    return CursorCommand.line(nothing, name -> null, Vertx::vertx)
        .setOut(new PrintWriter(Writer.nullWriter()))
        .setErr(new PrintWriter(Writer.nullWriter()))
        .execute(all.toArray(String[]::new));
  }

  private static JsonObject source(GatewayProcess gateway, String page) {
    return new JsonObject(gateway.get("/api/v1/" + page)).getJsonArray("sources").getJsonObject(0);
  }

  private int steer(GatewayProcess gateway, String what) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(gateway.url("admin", "/api/v1/sources/logs/" + what))
            .POST(BodyPublishers.noBody())
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  private List<String> out() {
    Path file = directory.resolve("out.ndjson");
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(Callable<Boolean> what) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(what);
  }
}

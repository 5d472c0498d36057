package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.GatewayProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A webhook sender that loses one event in ten, and a pull of everything beside it. */
class PushAndPullTest {
  private static final int EVENTS = 100;
  private static final String CONFIG =
      """
      {
        "admin": { "listen": "127.0.0.1:{{admin}}" },
        "sources": {
          "hook": {
            "type": "http", "listen": "127.0.0.1:{{http}}", "path": "/v1/events", "to": "events"
          },
          "check": {
            "type": "directory", "path": "in/*.ndjson", "contentType": "application/json",
            "every": "24h", "jitter": "0s", "reconcile": { "for": "hook" }, "to": "events"
          }
        },
        "streams": { "events": { "dedupe": { "by": "/id" } } },
        "sinks": {
          "archive": { "type": "file", "from": ["events"], "path": "out/{stream}.ndjson" }
        }
      }
      """;

  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path directory;

  @Test
  void whatThePushMissedIsKeptOnceAndCounted() throws Exception {
    Files.createDirectories(directory.resolve("in"));
    try (GatewayProcess gateway = GatewayProcess.in(directory, CONFIG).start()) {
      assertThat(steer(gateway, "check", "pause")).isEqualTo(200);
      assertThat(state(gateway)).isEqualTo("paused");
      List<String> all = IntStream.range(0, EVENTS).mapToObj(id -> "{\"id\":" + id + "}").toList();
      for (String event : all) {
        if (!event.contains("7}")) {
          push(gateway, event);
        }
      }
      Files.write(directory.resolve("in/all.ndjson"), all);

      assertThat(steer(gateway, "check", "resume")).isEqualTo(200);
      assertThat(steer(gateway, "check", "poll")).isEqualTo(202);

      Path out = directory.resolve("out/events.ndjson");
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(50))
          .untilAsserted(() -> assertThat(lines(out)).hasSize(EVENTS));
      assertThat(lines(out)).containsExactlyInAnyOrderElementsOf(all);
      String metrics = gateway.get("/metrics");
      assertThat(metrics).contains("sluice_missed_by_push_total{source=\"check\"} 10.0");
      assertThat(report(gateway, "check").getLong("missedByPush")).isEqualTo(10);
      assertThat(report(gateway, "check").getLong("events")).isEqualTo(10);
      assertThat(report(gateway, "check").getLong("duplicates")).isEqualTo(90);
      assertThat(report(gateway, "check").getString("advice")).startsWith("hook has missed 10 ");
      assertThat(report(gateway, "hook").getLong("events")).isEqualTo(90);
      assertThat(report(gateway, "hook").getJsonObject("freshnessSeconds").getDouble("p99"))
          .isBetween(0.0, 30.0);
      assertThat(steer(gateway, "hook", "pause")).isEqualTo(409);
      assertThat(gateway.stop()).isZero();
    }
    assertThat(directory.resolve("data/cursors/check")).exists();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String state(GatewayProcess gateway) {
    List<String> states = new ArrayList<>();
    new JsonObject(gateway.get("/api/v1/topology"))
        .getJsonArray("sources")
        .forEach(
            source -> {
              JsonObject each = (JsonObject) source;
              if (each.getString("name").equals("check")) {
                states.add(each.getString("state"));
              }
            });
    return states.get(0);
  }

  private static JsonObject report(GatewayProcess gateway, String source) {
    return new JsonObject(gateway.get("/api/v1/report"))
        .getJsonArray("sources").stream()
            .map(JsonObject.class::cast)
            .filter(each -> each.getString("name").equals(source))
            .findFirst()
            .orElseThrow();
  }

  private int steer(GatewayProcess gateway, String source, String what) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(gateway.url("admin", "/api/v1/sources/" + source + "/" + what))
            .POST(BodyPublishers.noBody())
            .build();
    return client.send(request, BodyHandlers.discarding()).statusCode();
  }

  private void push(GatewayProcess gateway, String event) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(gateway.url("http", "/v1/events"))
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(event))
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }
}

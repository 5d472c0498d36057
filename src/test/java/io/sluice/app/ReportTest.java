package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.ChildJvm;
import io.sluice.harness.GatewayProcess;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a running gateway reports of its sources, through a change of its configuration. */
class ReportTest {
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}", "auth": {"type": "api-key", "keys": {"ops": "sesame"}}},
       "sources": {
         "hook": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/a", "to": "events"},
         "logs": {"type": "directory", "path": "in/*.log", "every": "20ms", "to": "events"}},
       "sinks": {"out": {"type": "discard", "from": "events"}}}
      """;

  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path directory;

  @Test
  void aSourceThatAReloadLeavesAloneKeepsItsFiguresAndTheOtherShowsBeforeAndAfter()
      throws Exception {
    Files.createDirectories(directory.resolve("in"));
    try (GatewayProcess gateway =
        GatewayProcess.in(directory, CONFIG).with("--watch", "0s").start()) {
      push(gateway);
      push(gateway);
      Awaitility.await().until(() -> answered(source(gateway, "logs")) >= 25);
      JsonObject hook = source(gateway, "hook");
      assertThat(source(gateway, "logs").getString("advice"))
          .contains("% of its polls find nothing");

      Path config = directory.resolve("sluice.json");
      Files.writeString(config, Files.readString(config).replace("\"20ms\"", "\"10m\""));
      assertThat(send(gateway, "POST", "/api/v1/reload")).contains("applied");
      push(gateway);

      assertThat(source(gateway, "hook").getLong("events")).isEqualTo(3);
      assertThat(source(gateway, "hook").getString("since")).isEqualTo(hook.getString("since"));
      assertThat(source(gateway, "hook").containsKey("before")).isFalse();
      JsonObject logs = source(gateway, "logs");
      assertThat(answered(logs)).isLessThan(5);
      assertThat(answered(logs.getJsonObject("before"))).isGreaterThanOrEqualTo(25);
      assertThat(logs.getDouble("intervalSeconds")).isEqualTo(600);
      asTheCommandSays(gateway);
      assertThat(gateway.stop()).isZero();
    }
  }

  private void asTheCommandSays(GatewayProcess gateway) {
    try (ChildJvm child =
        gateway.beside(
            directory.resolve("report.log"),
            "report",
            "--admin",
            gateway.url("admin", "").toString(),
            "--header",
            "X-API-Key: sesame")) {
      assertThat(child.exitCode(Duration.ofSeconds(30))).as(child.output()).isZero();
      assertThat(child.output().lines())
          .anyMatch(line -> line.matches("hook +push +[^ ]+ m?s +3 +0 .*"))
          .anyMatch(line -> line.matches("logs +pull .*"))
          .anyMatch(line -> line.matches(" +before .*"));
    }
  }

  private static long answered(JsonObject figures) {
    return figures.getJsonObject("polls").getLong("answered");
  }

  private JsonObject source(GatewayProcess gateway, String name) throws Exception {
    return new JsonObject(send(gateway, "GET", "/api/v1/report"))
        .getJsonArray("sources").stream()
            .map(JsonObject.class::cast)
            .filter(each -> each.getString("name").equals(name))
            .findFirst()
            .orElseThrow();
  }

  private String send(GatewayProcess gateway, String method, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(gateway.url("admin", path))
            .header("x-api-key", "sesame")
            .method(method, BodyPublishers.noBody())
            .build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  private void push(GatewayProcess gateway) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(gateway.url("http", "/a"))
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString("1"))
            .build();
    assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(202);
  }
}

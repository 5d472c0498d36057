package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.GatewayProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configurations that change under a running gateway, seen from outside. */
class ReloadTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {"in": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/a",
                          "to": "events"}},
       "sinks": {"archive": {"type": "file", "from": "events", "path": "out/events.ndjson"}}}
      """;

  @TempDir private Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private GatewayProcess gateway;

  private void start(String watch) {
    gateway = GatewayProcess.in(directory, CONFIG).with("--watch", watch).start();
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void aSourceAStreamAndASinkComeAndGo() throws IOException {
    start("100ms");
    assertThat(push("/a", "1")).isEqualTo(202);

    rewrite(
        text ->
            text.replace("\"path\": \"/a\"", "\"path\": \"/b\"")
                .replace("\"to\": \"events\"", "\"to\": \"more\"")
                .replace("\"from\": \"events\"", "\"from\": [\"events\", \"more\"]")
                .replace("\"sinks\": {", "\"streams\": {\"events\": {}},\n\"sinks\": {"));
    awaitGeneration(2);

    assertThat(push("/a", "2")).isEqualTo(404);
    assertThat(push("/b", "3")).isEqualTo(202);
    awaitLines("out/events.ndjson", "1", "3");
    rewrite(text -> text.replace("out/events.ndjson", "out/other.ndjson"));
    awaitGeneration(3);
    assertThat(push("/b", "4")).isEqualTo(202);
    awaitLines("out/other.ndjson", "4");
    assertThat(Files.readAllLines(directory.resolve("out/events.ndjson")))
        .containsExactly("1", "3");
  }

  @Test
  void aBadConfigurationChangesNothingAndIsTold() throws IOException {
    start("100ms");
    String good = Files.readString(file());

    for (String bad : List.of("{", "", "{\"sinks\": 5}", good.replace("\"to\"", "\"too\""))) {
      replace(bad);
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> outcome().equals("invalid") && config().getInteger("generation") == 1);
      assertThat(push("/a", "1")).isEqualTo(202);
      replace(good);
      Awaitility.await().atMost(PATIENCE).until(() -> outcome().equals("unchanged"));
    }
    Files.delete(file());
    Awaitility.await().atMost(PATIENCE).until(() -> outcome().equals("invalid"));
    assertThat(push("/a", "1")).isEqualTo(202);
    assertThat(gateway.output())
        .contains("configuration is wrong, the one before stays")
        .contains("sluice.json:1:")
        .contains("/sinks: must be an object");
    assertThat(gateway.get("/metrics"))
        .contains("sluice_config_valid 0.0")
        .contains("sluice_config_generation 1.0");
  }

  @Test
  void whatCannotBeHadIsPutBack() throws IOException {
    start("100ms");
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      rewrite(
          text ->
              text.replace("\"path\": \"/a\"", "\"path\": \"/c\"")
                  .replace(
                      "\"sources\": {",
                      "\"sources\": {\"second\": {\"type\": \"http\", \"listen\":"
                          + " \"127.0.0.1:"
                          + taken.getLocalPort()
                          + "\", \"path\": \"/\", \"to\": \"events\"}, "));
      Awaitility.await().atMost(PATIENCE).until(() -> outcome().equals("failed"));
    }

    assertThat(push("/a", "1")).isEqualTo(202);
    assertThat(push("/c", "1")).isEqualTo(404);
    assertThat(config().getJsonObject("lastReload").getString("failure")).contains("127.0.0.1:");
    awaitLines("out/events.ndjson", "1");
  }

  @Test
  void aSignalAndARequestReadTheFilesAtOnce() throws IOException, InterruptedException {
    start("0s");

    rewrite(text -> text.replace("\"/a\"", "\"/b\""));
    JsonObject answer = new JsonObject(reload());
    assertThat(answer.getString("outcome")).isEqualTo("applied");
    assertThat(answer.getJsonArray("steps").getJsonObject(0).getString("do")).isEqualTo("replace");
    assertThat(push("/b", "1")).isEqualTo(202);

    rewrite(text -> text.replace("\"/b\"", "\"/c\""));
    new ProcessBuilder("kill", "-HUP", Long.toString(gateway.pid())).start().waitFor();
    awaitGeneration(3);
    assertThat(push("/c", "1")).isEqualTo(202);
  }

  private Path file() {
    return directory.resolve("sluice.json");
  }

  private void rewrite(UnaryOperator<String> change) throws IOException {
    replace(change.apply(Files.readString(file())));
  }

  /** In one piece, as editors and deployments do. */
  private void replace(String text) throws IOException {
    Path beside = Files.writeString(directory.resolve("next"), text);
    Files.move(beside, file(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private JsonObject config() {
    return new JsonObject(gateway.get("/api/v1/config"));
  }

  private String outcome() {
    JsonObject last = config().getJsonObject("lastReload");
    return last == null ? "" : last.getString("outcome");
  }

  private void awaitGeneration(int generation) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> config().getInteger("generation") == generation);
  }

  private void awaitLines(String path, String... lines) {
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(Files.readAllLines(directory.resolve(path))).containsExactly(lines));
  }

  private String reload() {
    return send(HttpRequest.newBuilder(gateway.url("admin", "/api/v1/reload"))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build())
        .body();
  }

  private int push(String path, String event) {
    return send(HttpRequest.newBuilder(gateway.url("http", path))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(event))
            .build())
        .statusCode();
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}

package io.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sluice.harness.FreePorts;
import io.sluice.harness.GatewayProcess;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
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
  private final int line = FreePorts.next();
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
    awaitLines("out/events.ndjson", "1");

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

  /** What came with one reload belongs to none of the parts that took a part in it. */
  @Test
  void aStreamThatIsReplacedTakesNoPollWithIt() throws IOException {
    Files.createDirectories(directory.resolve("in"));
    Files.writeString(directory.resolve("in/a.log"), "1\n");
    start("100ms");
    rewrite(
        text ->
            text.replace(
                    "\"sources\": {",
                    "\"sources\": {\"files\": {\"type\": \"directory\", \"path\": \"in/*.log\","
                        + " \"every\": \"50ms\", \"to\": \"lines\"}, ")
                .replace(
                    "\"sinks\": {",
                    "\"sinks\": {\"more\": {\"type\": \"file\", \"from\": [\"events\", \"lines\"],"
                        + " \"path\": \"out/more.ndjson\"}, "));
    awaitGeneration(2);
    awaitLines("out/more.ndjson", "1");

    rewrite(
        text ->
            text.replace(
                "\"sinks\": {", "\"streams\": {\"events\": {\"sync\": \"never\"}}, \"sinks\": {"));
    awaitGeneration(3);
    Files.writeString(directory.resolve("in/a.log"), "2\n", StandardOpenOption.APPEND);

    awaitLines("out/more.ndjson", "1", "2");
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
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
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
  void aRequestReadsTheFilesAtOnce() throws IOException {
    start("0s");

    rewrite(text -> text.replace("\"/a\"", "\"/b\""));
    JsonObject answer = new JsonObject(reload());

    assertThat(answer.getString("outcome")).isEqualTo("applied");
    assertThat(answer.getJsonArray("steps").getJsonObject(0).getString("do")).isEqualTo("replace");
    assertThat(push("/b", "1")).isEqualTo(202);
  }

  @Test
  void theAdminListenerGoesOverToAnotherAddressAndItsKey() throws IOException {
    start("0s");
    int other = FreePorts.next();
    String auth = "\"auth\": {\"type\": \"api-key\", \"keys\": {\"ops\": \"0123456789abcdef\"}}";

    rewrite(
        text ->
            text.replaceFirst(
                "\"admin\": \\{\"listen\": \"127.0.0.1:[0-9]+\"",
                "\"admin\": {\"listen\": \"127.0.0.1:" + other + "\", " + auth));
    JsonObject answer = new JsonObject(reload());

    assertThat(answer.getString("outcome")).isEqualTo("applied");
    assertThat(answer.getJsonArray("steps").getJsonObject(0))
        .isEqualTo(
            new JsonObject(
                """
                {"do": "replace", "part": "admin", "name": "", "closesConnections": false}\
                """));
    HttpRequest.Builder config =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + other + "/api/v1/config"));
    assertThat(send(config.build()).statusCode()).isEqualTo(401);
    assertThat(send(config.header("X-API-Key", "0123456789abcdef").build()).body())
        .contains("\"generation\":2");
    Awaitility.await().atMost(PATIENCE).until(() -> gateway.status("/health/live") == 0);
  }

  @Test
  void aSignalReadsTheFilesAtOnce() throws IOException, InterruptedException {
    start("0s");
    assumeThat(ignoresHangup()).as("started by nohup, say").isFalse();

    rewrite(text -> text.replace("\"/a\"", "\"/b\""));
    new ProcessBuilder("kill", "-HUP", Long.toString(gateway.pid())).start().waitFor();

    awaitGeneration(2);
    assertThat(push("/b", "1")).isEqualTo(202);
  }

  /** Whether this process, and so its children, cannot hear SIGHUP. */
  private static boolean ignoresHangup() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(line -> Character.digit(line.charAt(line.length() - 1), 16) % 2 == 1);
  }

  @Test
  void reloadsThatWaitForTheirTurnAreOne() {
    start("0s");
    HttpRequest request =
        HttpRequest.newBuilder(gateway.url("admin", "/api/v1/reload"))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();

    List<CompletableFuture<HttpResponse<String>>> all =
        IntStream.range(0, 100)
            .mapToObj(i -> client.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
            .toList();

    assertThat(all).allSatisfy(each -> assertThat(each.join().statusCode()).isEqualTo(200));
    assertThat(gateway.output().lines().filter(line -> line.contains("configuration unchanged")))
        .hasSizeBetween(1, 99);
  }

  @Test
  void connectionsOutliveTheSettingsTheyCameUnder() throws Exception {
    start("0s");
    rewrite(
        text ->
            text.replace(
                "\"sources\": {",
                """
                "sources": {
                  "line": {"type": "tcp", "listen": "127.0.0.1:%d", "receipts": true,
                           "to": "events"},
                  "live": {"type": "websocket", "listen": "127.0.0.1:%d", "path": "/live",
                           "to": "events"},\
                """
                    .formatted(line, gateway.port("http"))));
    assertThat(new JsonObject(reload()).getString("outcome")).isEqualTo("applied");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), line)) {
      BufferedReader receipts =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      socket.setSoTimeout((int) PATIENCE.toMillis());
      WebSocket live = webSocket();
      say(socket, "1");
      assertThat(receipts.readLine()).isEqualTo("1");
      live.sendText("2", true).join();
      awaitLines("out/events.ndjson", "1", "2");

      rewrite(
          text ->
              text.replace("\"receipts\": true", "\"receipts\": true, \"maxEventBytes\": \"2MiB\"")
                  .replace("\"/live\"", "\"/live\", \"maxMessageBytes\": \"4MiB\""));
      assertThat(new JsonObject(reload()).getJsonArray("steps")).as(gateway.output()).hasSize(2);
      say(socket, "3");
      assertThat(receipts.readLine()).isEqualTo("2");
      live.sendText("4", true).join();
      try (Socket next = new Socket(InetAddress.getLoopbackAddress(), line)) {
        say(next, "5");
        awaitSetOfLines("out/events.ndjson", "1", "2", "3", "4", "5");
      }

      rewrite(text -> text.replaceFirst("(?s)\"line\".*?\"to\": \"events\"},", ""));
      assertThat(new JsonObject(reload()).getString("outcome")).isEqualTo("applied");
      assertThat(receipts.readLine()).startsWith("ERR draining");
      assertThat(receipts.readLine()).as("closed").isNull();
      live.sendText("6", true).join();
      awaitSetOfLines("out/events.ndjson", "1", "2", "3", "4", "5", "6");
      assertThat(gateway.output()).doesNotContain("ERROR");
    }
  }

  private static void say(Socket socket, String line) throws IOException {
    socket.getOutputStream().write((line + "\n").getBytes(UTF_8));
  }

  private WebSocket webSocket() {
    return client
        .newWebSocketBuilder()
        .buildAsync(
            URI.create("ws://127.0.0.1:" + gateway.port("http") + "/live"),
            new WebSocket.Listener() {})
        .join();
  }

  private void awaitSetOfLines(String path, String... lines) {
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(Files.readAllLines(directory.resolve(path)))
                    .containsExactlyInAnyOrder(lines));
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

package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.GatewayProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What is kept of parts that leave the configuration, and how it is let go, from outside. */
class ParkedTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String COPY =
      ", \"copy\": {\"type\": \"file\", \"from\": \"events\", \"path\": \"out/copy.ndjson\"}";
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {"in": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/in",
                          "to": "events"},
                   "more": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/more",
                            "to": "more"}},
       "streams": {"events": {"maxBytes": "4MiB"}, "more": {"maxBytes": "4MiB"}},
       "sinks": {"archive": {"type": "file", "from": ["events", "more"], "path": "out/all.ndjson"}\
      """
          + COPY
          + "}}";

  @TempDir private Path directory;

  private final HttpClient client = HttpClient.newHttpClient();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private GatewayProcess gateway;

  private void start() {
    gateway = GatewayProcess.in(directory, CONFIG).with("--watch", "0s").start();
  }

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void aSinkThatComesBackGetsWhatItMissed() throws Exception {
    start();
    push("/in", 1, 10);
    awaitLines("out/copy.ndjson", 10);
    String whole = Files.readString(file());

    reload(whole.replace(COPY, ""));
    push("/in", 11, 3_000);
    awaitLines("out/all.ndjson", 3_000);
    assertThat(parked()).hasSize(2);
    assertThat(parked().get(1).getString("kind")).isEqualTo("sink");
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              JsonObject position = position();
              assertThat(position.getLong("events")).isEqualTo(2_990);
              assertThat(position.getLong("bytes")).isGreaterThan(1_000_000);
              assertThat(streamBytes()).isGreaterThan(1_000_000);
            });
    assertThat(gateway.get("/metrics")).contains("sluice_stream_parked_bytes{stream=\"events\"} ");
    assertThat(gateway.stop()).isZero();
    gateway.start();
    assertThat(gateway.output())
        .contains(
            "events are kept for a sink that takes from the stream no more stream=events"
                + " sink=copy events=2990 bytes=");

    reload(whole);
    awaitLines("out/copy.ndjson", 3_000);
    assertThat(Files.readAllLines(directory.resolve("out/copy.ndjson")))
        .containsExactlyElementsOf(events(1, 3_000));
    assertThat(parked()).isEmpty();
  }

  @Test
  void whatIsRetiredWhileTheGatewayRunsMakesRoom() throws Exception {
    start();
    push("/in", 1, 10);
    awaitLines("out/copy.ndjson", 10);
    assertThat(retire("sinks", "copy").statusCode()).as("in use").isEqualTo(409);
    assertThat(retire("streams", "events").statusCode()).as("in use").isEqualTo(409);
    assertThat(retire("sinks", "unknown").statusCode()).isEqualTo(409);
    assertThat(retire("things", "copy").statusCode()).isEqualTo(404);
    reload(Files.readString(file()).replace(COPY, ""));
    push("/in", 11, 3_000);
    awaitLines("out/all.ndjson", 3_000);

    HttpResponse<String> retired = retire("sinks", "copy");

    assertThat(retired.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(retired.body()).getJsonArray("retired")).hasSize(2);
    assertThat(parked()).isEmpty();
    assertThat(directory.resolve("data/dead-letters/copy")).doesNotExist();
    Awaitility.await().atMost(PATIENCE).until(() -> streamBytes() < 10_000);
    push("/in", 3_001, 3_010);
    awaitLines("out/all.ndjson", 3_010);
  }

  @Test
  void aStreamThatLeftIsRetiredWhileTheGatewayIsDown() throws Exception {
    start();
    push("/more", 1, 100);
    awaitLines("out/all.ndjson", 100);
    Files.writeString(
        file(),
        Files.readString(file())
            .replaceFirst("(?s),\\s*\"more\": \\{.*?\"more\"}}", "}")
            .replace(", \"more\": {\"maxBytes\": \"4MiB\"}", "")
            .replace("[\"events\", \"more\"]", "\"events\""));
    assertThat(command("list")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("stream  more ").contains("100 events");

    assertThat(command("retire", "stream", "more")).isEqualTo(75);
    assertThat(err.toString()).contains("is in use by another process");
    assertThat(gateway.stop()).isZero();
    assertThat(command("retire", "stream", "events")).isEqualTo(1);
    assertThat(command("retire", "stream", "more")).isZero();

    assertThat(directory.resolve("data/streams/more")).doesNotExist();
    gateway.start();
    push("/in", 1, 10);
    awaitLines("out/all.ndjson", 110);
  }

  @Test
  void aPositionIsRetiredWhileTheGatewayIsDown() throws Exception {
    start();
    push("/in", 1, 10);
    awaitLines("out/copy.ndjson", 10);
    reload(Files.readString(file()).replace(COPY, ""));
    push("/in", 11, 500);
    awaitLines("out/all.ndjson", 500);
    assertThat(gateway.stop()).isZero();

    assertThat(command("list")).isZero();
    assertThat(out.toString()).contains("copy in events").contains("490 events");
    assertThat(command("retire", "sink", "copy", "--stream", "events")).isZero();
    assertThat(command("retire", "sink", "copy")).isZero();
    assertThat(command("retire", "sink", "copy")).isEqualTo(1);

    gateway.start();
    assertThat(parked()).isEmpty();
    push("/in", 501, 510);
    awaitLines("out/all.ndjson", 510);
  }

  private int command(String... words) {
    CommandLine line = Main.commandLine(new Surroundings(), io.sluice.journal.Journal::open);
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] all =
        java.util.stream.Stream.of(
                List.of("parked"),
                List.of(words),
                List.of("-c", file().toString()),
                List.of("--data", directory.resolve("data").toString()))
            .flatMap(List::stream)
            .toArray(String[]::new);
    return line.execute(all);
  }

  private static List<String> events(int first, int last) {
    return IntStream.rangeClosed(first, last)
        .mapToObj(i -> "{\"n\":" + i + ",\"pad\":\"" + "x".repeat(400) + "\"}")
        .toList();
  }

  private void push(String path, int first, int last) {
    List<String> all = events(first, last);
    for (int from = 0; from < all.size(); from += 500) {
      List<String> some = all.subList(from, Math.min(from + 500, all.size()));
      HttpResponse<String> answer =
          post("http", path, some.stream().collect(Collectors.joining("\n")));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }
  }

  private void reload(String config) throws IOException {
    Files.writeString(file(), config);
    HttpResponse<String> answer = post("admin", "/api/v1/reload", "");
    assertThat(new JsonObject(answer.body()).getString("outcome"))
        .as(answer.body())
        .isEqualTo("applied");
  }

  private Path file() {
    return directory.resolve("sluice.json");
  }

  private List<JsonObject> parked() {
    return new JsonObject(gateway.get("/api/v1/parked"))
        .getJsonArray("parked").stream().map(JsonObject.class::cast).toList();
  }

  private JsonObject position() {
    return parked().stream().filter(part -> part.containsKey("stream")).findFirst().orElseThrow();
  }

  private long streamBytes() {
    return new JsonObject(gateway.get("/api/v1/topology"))
        .getJsonArray("streams").stream()
            .map(JsonObject.class::cast)
            .filter(stream -> stream.getString("name").equals("events"))
            .findFirst()
            .orElseThrow()
            .getLong("bytes");
  }

  private HttpResponse<String> retire(String kind, String name) {
    return post("admin", "/api/v1/parked/" + kind + "/" + name + "/retire", "");
  }

  private void awaitLines(String path, int count) {
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(Files.readAllLines(directory.resolve(path))).hasSize(count));
  }

  private HttpResponse<String> post(String port, String path, String body) {
    try {
      return client.send(
          HttpRequest.newBuilder(gateway.url(port, path))
              .header("content-type", "application/x-ndjson")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}

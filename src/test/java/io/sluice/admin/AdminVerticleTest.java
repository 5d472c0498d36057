package io.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.auth.Auth;
import io.sluice.config.BadValueException;
import io.sluice.config.HostPort;
import io.sluice.config.Problem;
import io.sluice.config.Secret;
import io.sluice.connector.Source;
import io.sluice.control.ParkedPart;
import io.sluice.control.PlanStep;
import io.sluice.control.Reloads;
import io.sluice.event.Position;
import io.sluice.report.Report;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Meters;
import io.sluice.telemetry.Metric;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminVerticleTest {
  private static final HostPort LOOPBACK = HostPort.parse("127.0.0.1:0");

  private final Vertx vertx = Vertx.vertx();
  private final Meters meters = new Meters();
  private final AtomicLong nanos = new AtomicLong(1);
  private final FakeView view = new FakeView();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    vertx.close().await();
    meters.close();
  }

  @Test
  void everythingIsWell() throws Exception {
    HostPort admin = deploy(new AdminConfig(LOOPBACK, Optional.empty(), Optional.empty()));

    for (String word : List.of("started", "live", "ready")) {
      HttpResponse<String> answer = get(admin, "/health/" + word);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(new JsonObject(answer.body())).isEqualTo(new JsonObject().put("status", word));
    }
  }

  @Test
  void notReadySaysWhatAndWhy() throws Exception {
    HostPort admin = deploy(new AdminConfig(LOOPBACK, Optional.empty(), Optional.empty()));
    view.ready =
        Health.trouble("stream events", "the journal's disk is full")
            .and(Health.trouble("gateway", "draining"));

    HttpResponse<String> answer = get(admin, "/health/ready");

    assertThat(answer.statusCode()).isEqualTo(503);
    JsonObject body = new JsonObject(answer.body());
    assertThat(body.getString("status")).isEqualTo("not ready");
    assertThat(body.getJsonArray("troubles").getJsonObject(0).getString("why"))
        .isEqualTo("the journal's disk is full");
    assertThat(body.getJsonArray("troubles")).hasSize(2);
    assertThat(get(admin, "/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void aLoopThatStandsStillIsNotAlive() throws Exception {
    // The loops never beat again within the test, and the clock is ours.
    Pulse pulse = new Pulse(2, Duration.ofSeconds(5), Duration.ofHours(1), nanos::get);
    HostPort admin = deploy(new AdminConfig(LOOPBACK, Optional.empty(), Optional.empty()), pulse);

    assertThat(get(admin, "/health/live").statusCode()).isEqualTo(200);
    nanos.addAndGet(Duration.ofSeconds(6).toNanos());

    HttpResponse<String> answer = get(admin, "/health/live");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("event loop 0").contains("has stood still for 6 s");
  }

  @Test
  void loopsThatTurnKeepThePulse() throws Exception {
    Pulse pulse = new Pulse(2, Duration.ofSeconds(5), Duration.ofMillis(1), nanos::get);
    HostPort admin = deploy(new AdminConfig(LOOPBACK, Optional.empty(), Optional.empty()), pulse);
    nanos.addAndGet(Duration.ofSeconds(60).toNanos());

    org.awaitility.Awaitility.await()
        .until(() -> get(admin, "/health/live").statusCode(), status -> status == 200);
  }

  @Test
  void metricsComeInBothForms() throws Exception {
    HostPort admin = deploy(new AdminConfig(LOOPBACK, Optional.empty(), Optional.empty()));
    Metric.EVENTS.counter(meters.registry(), Label.SOURCE.of("app")).increment();

    HttpResponse<String> plain = get(admin, "/metrics");
    HttpResponse<String> open =
        get(
            admin,
            "/metrics",
            "accept",
            "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;q=0.3,*/*;q=0.1");

    assertThat(plain.headers().firstValue("content-type")).contains(Meters.TEXT);
    assertThat(plain.body()).contains("sluice_events_total{").doesNotContain("# EOF");
    assertThat(open.headers().firstValue("content-type")).contains(Meters.OPEN_METRICS);
    assertThat(open.body()).endsWith("# EOF\n");
    assertThat(get(admin, "/metrics", "accept", "text/plain").body()).doesNotContain("# EOF");
  }

  @Test
  void theConfigurationThatRunsCanBeRead() throws Exception {
    HostPort admin = deploy(new AdminConfig(LOOPBACK, Optional.empty(), Optional.empty()));
    view.outcome = Reloads.Outcome.INVALID;

    JsonObject body = new JsonObject(get(admin, "/api/v1/config").body());

    assertThat(body.getInteger("generation")).isEqualTo(3);
    assertThat(body.getString("hash")).isEqualTo("00ff");
    assertThat(body.getJsonObject("config").getJsonObject("sources")).isEmpty();
    JsonObject problem = body.getJsonObject("lastReload").getJsonArray("problems").getJsonObject(0);
    assertThat(problem.getString("file")).isEqualTo("a.json");
    assertThat(problem.getInteger("line")).isEqualTo(2);
    assertThat(problem.getString("pointer")).isEqualTo("/x");
  }

  @ParameterizedTest
  @CsvSource({"APPLIED,200", "UNCHANGED,200", "INVALID,422", "FAILED,500"})
  void aReloadCanBeAskedForAndSaysWhatCameOfIt(Reloads.Outcome outcome, int status)
      throws Exception {
    HostPort admin = deploy(new AdminConfig(LOOPBACK, Optional.empty(), Optional.empty()));
    view.outcome = outcome;

    HttpResponse<String> answer = post(admin, "/api/v1/reload");

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(new JsonObject(answer.body()).getString("outcome")).isEqualTo(outcome.word());
  }

  @Test
  void aReloadIsNoPageAndNoPageMayDoIt() throws Exception {
    HostPort admin = deploy(new AdminConfig(LOOPBACK, Optional.empty(), Optional.empty()));

    assertThat(get(admin, "/api/v1/reload").statusCode()).isEqualTo(405);
    assertThat(post(admin, "/api/v1/reload", "origin", "http://localhost:1").statusCode())
        .isEqualTo(403);
  }

  @Test
  void theTopologyNamesPartsAndEdges() throws Exception {
    HostPort admin = deploy(new AdminConfig(LOOPBACK, Optional.empty(), Optional.empty()));

    JsonObject topology = new JsonObject(get(admin, "/api/v1/topology").body());

    assertThat(topology)
        .isEqualTo(
            new JsonObject(
                """
                {"replica": "pod-1", "generation": 3,
                 "sources": [{"name": "app", "state": "running", "type": "http",
                              "address": "127.0.0.1:8080", "to": ["events"]},
                             {"name": "orders", "state": "waiting", "type": "http-poll",
                              "to": ["events"], "owner": {"replica": "pod-2", "term": 7}}],
                 "streams": [{"name": "events", "state": "running", "buffer": "disk",
                              "first": "1/10", "next": "1/50", "events": 40, "bytes": 900,
                              "maxBytes": 1000, "credit": 64}],
                 "sinks": [{"name": "archive", "state": "retrying", "type": "file",
                            "from": [{"stream": "events", "position": "1/45", "lagEvents": 5,
                                      "lagSeconds": 1.5}],
                            "deadLetters": {"bytes": 70, "maxBytes": 1000},
                            "trouble": "No space left on device"}],
                 "edges": [{"from": {"kind": "source", "name": "app"},
                            "to": {"kind": "stream", "name": "events"}},
                           {"from": {"kind": "source", "name": "orders"},
                            "to": {"kind": "stream", "name": "events"}},
                           {"from": {"kind": "stream", "name": "events"},
                            "to": {"kind": "sink", "name": "archive"}}]}
                """));
  }

  @Test
  void everyAnswerForbidsCachingAndSniffing() throws Exception {
    HostPort admin = deploy(new AdminConfig(LOOPBACK, Optional.empty(), Optional.empty()));

    for (String path : List.of("/health/live", "/metrics", "/api/v1/topology", "/nowhere")) {
      HttpResponse<String> answer = get(admin, path);
      assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
      assertThat(answer.headers().firstValue("x-content-type-options")).contains("nosniff");
    }
  }

  @Test
  void answers404And405AsProblems() throws Exception {
    HostPort admin = deploy(new AdminConfig(LOOPBACK, Optional.empty(), Optional.empty()));

    HttpResponse<String> nowhere = get(admin, "/nowhere");
    HttpResponse<String> post =
        client.send(
            HttpRequest.newBuilder(uri(admin, "/metrics"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(nowhere.statusCode()).isEqualTo(404);
    assertThat(nowhere.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(new JsonObject(nowhere.body()).getInteger("status")).isEqualTo(404);
    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("allow")).contains("GET, HEAD");
    assertThat(new JsonObject(post.body()).getString("code")).isEqualTo("method-not-allowed");
  }

  @Test
  void headHasTheHeadersAndNoBody() throws Exception {
    HostPort admin = deploy(new AdminConfig(LOOPBACK, Optional.empty(), Optional.empty()));

    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(uri(admin, "/health/live"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void allButHealthNeedsTheKey() throws Exception {
    Auth auth = new Auth.ApiKey(Map.of("ops", Secret.parse("s3cret")));
    HostPort admin = deploy(new AdminConfig(LOOPBACK, Optional.of(auth), Optional.empty()));

    HttpResponse<String> without = get(admin, "/metrics");

    assertThat(without.statusCode()).isEqualTo(401);
    assertThat(without.headers().firstValue("www-authenticate")).isPresent();
    assertThat(get(admin, "/nowhere").statusCode()).isEqualTo(401);
    assertThat(get(admin, "/api/v1/topology", "x-api-key", "wrong").statusCode()).isEqualTo(401);
    assertThat(get(admin, "/api/v1/topology", "x-api-key", "s3cret").statusCode()).isEqualTo(200);
    assertThat(get(admin, "/health/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void anOpenAddressNeedsAuth() {
    assertThatThrownBy(
            () ->
                new AdminConfig(HostPort.parse("0.0.0.0:9090"), Optional.empty(), Optional.empty()))
        .isInstanceOf(BadValueException.class)
        .hasMessageContaining("non-loopback");
    assertThat(
            new AdminConfig(
                    HostPort.parse("0.0.0.0:9090"), Optional.of(new Auth.None()), Optional.empty())
                .auth())
        .isPresent();
  }

  @Test
  void aWebPageThatPointsItsNameAtLoopbackIsRefused() throws Exception {
    HostPort admin = deploy(new AdminConfig(LOOPBACK, Optional.empty(), Optional.empty()));

    assertThat(raw(admin, "GET /metrics HTTP/1.1\r\nHost: evil.example:9090\r\n\r\n"))
        .startsWith("HTTP/1.1 421 ");
    assertThat(raw(admin, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void aBalancersCheckNeedsNoHost() throws Exception {
    HostPort admin = deploy(new AdminConfig(LOOPBACK, Optional.empty(), Optional.empty()));

    assertThat(raw(admin, "GET /health/live HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 200 ");
    assertThat(raw(admin, "GET /metrics HTTP/1.0\r\nHost: evil.example\r\n\r\n"))
        .startsWith("HTTP/1.0 421 ");
    assertThat(raw(admin, "GET /health/live HTTP/1.1\r\n\r\n")).doesNotContain(" 200 ");
  }

  @Test
  void aPageThatFailsSaysSoWithoutDetails() throws Exception {
    HostPort admin = deploy(new AdminConfig(LOOPBACK, Optional.empty(), Optional.empty()));
    view.broken = true;

    HttpResponse<String> answer = get(admin, "/api/v1/topology");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).contains("\"status\":500").doesNotContain("fake");
  }

  private HostPort deploy(AdminConfig config) {
    return deploy(config, new Pulse(2, Duration.ofSeconds(5), nanos::get));
  }

  private HostPort deploy(AdminConfig config, Pulse pulse) {
    AdminVerticle admin = new AdminVerticle(config, view, meters, pulse);
    vertx.deployVerticle(admin).await();
    return admin.address();
  }

  private HttpResponse<String> get(HostPort admin, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(admin, path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static URI uri(HostPort admin, String path) {
    return URI.create("http://" + admin + path);
  }

  private static HttpResponse<String> post(HostPort admin, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(admin, path)).POST(HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String raw(HostPort admin, String request) throws IOException {
    try (Socket socket = new Socket(admin.host(), admin.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] start = socket.getInputStream().readNBytes(15);
      return new String(start, StandardCharsets.US_ASCII);
    }
  }

  /** A gateway of which a test says how it is. */
  static final class FakeView implements View {
    volatile Health ready = Health.WELL;
    volatile boolean broken;
    volatile Reloads.Outcome outcome = Reloads.Outcome.APPLIED;

    @Override
    public Future<List<ParkedPart>> parked() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<List<ParkedPart>> retire(
        ParkedPart.Kind kind, String name, Optional<String> stream) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Reloads.State configuration() {
      return new Reloads.State(
          3, "00ff", Instant.EPOCH, () -> "{\"sources\": {}}", Optional.of(attempt()));
    }

    @Override
    public Future<Reloads.Attempt> reload() {
      return Future.succeededFuture(attempt());
    }

    private Reloads.Attempt attempt() {
      Problem problem =
          new Problem(
              Problem.Severity.ERROR, Path.of("a.json"), "/x", 2, 3, "wrong", Optional.of("y"));
      return new Reloads.Attempt(
          outcome,
          Instant.EPOCH,
          outcome == Reloads.Outcome.INVALID ? List.of(problem) : List.of(),
          Optional.of("port taken").filter(why -> outcome == Reloads.Outcome.FAILED),
          List.of(new PlanStep.Start(PlanStep.Part.SINK, "out")));
    }

    @Override
    public Health started() {
      return Health.WELL;
    }

    @Override
    public Health live() {
      return Health.WELL;
    }

    @Override
    public Health ready() {
      return ready;
    }

    @Override
    public Report report() {
      return new Report(Instant.EPOCH, List.of());
    }

    @Override
    public Optional<Source> source(String name) {
      return Optional.empty();
    }

    @Override
    public Topology topology() {
      if (broken) {
        throw new IllegalStateException("fake");
      }
      return new Topology(
          "pod-1",
          3,
          List.of(
              new Topology.SourcePart(
                  "app",
                  "http",
                  "running",
                  Optional.of("127.0.0.1:8080"),
                  List.of("events"),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty()),
              new Topology.SourcePart(
                  "orders",
                  "http-poll",
                  "waiting",
                  Optional.empty(),
                  List.of("events"),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of(new Topology.OwnerPart("pod-2", 7)))),
          List.of(
              new Topology.StreamPart(
                  "events",
                  "disk",
                  "running",
                  new Position(1, 10),
                  new Position(1, 50),
                  900,
                  1000,
                  64,
                  Optional.empty())),
          List.of(
              new Topology.SinkPart(
                  "archive",
                  "file",
                  "retrying",
                  List.of(
                      new Topology.Progress(
                          "events", new Position(1, 45), 5, Optional.of(Duration.ofMillis(1500)))),
                  new Topology.DeadLettersPart(70, 1000),
                  Optional.of("No space left on device"))));
    }
  }
}

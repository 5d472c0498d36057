package io.sluice.source.poll.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.GatewayProcess;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A webhook whose sender falls silent, and an API of the same events beside it. */
class StandbyGatewayTest {
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {
         "hook": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/hook", "to": "events"},
         "api": {"type": "http-poll", "url": "http://127.0.0.1:PORT/o?since={cursor}",
                 "every": "50ms", "jitter": "0s", "records": "/items",
                 "cursor": {"max": "/n", "initial": "0"}, "allowPrivate": true,
                 "standby": {"for": "hook", "silent": "2s"}, "to": "events"}},
       "streams": {"events": {"dedupe": {"by": "/n"}}},
       "sinks": {"out": {"type": "file", "from": "events", "path": "out.ndjson"}}}
      """;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger there = new AtomicInteger();
  @TempDir private Path directory;

  @AfterEach
  void close() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  @Test
  void pollsWhileThePushIsSilentAndStopsWhenItComesBack() throws Exception {
    Api api = Api.of(vertx, this::answer);
    try (GatewayProcess gateway =
        GatewayProcess.in(directory, CONFIG.replace("PORT", "" + api.port())).start()) {
      // More than the 2 s of silence pass, but something is pushed all the time.
      await(() -> push(gateway) && skipped(gateway) >= 50);
      assertThat(api.asked()).isEmpty();
      assertThat(state(gateway)).isEqualTo("standby");

      // The sender is gone, and its events are to be had from the API alone.
      int pushed = there.get();
      there.addAndGet(5);
      await(() -> out().size() == pushed + 5);
      assertThat(state(gateway)).isEqualTo("running");

      await(() -> push(gateway) && state(gateway).equals("standby"));
      int asked = api.asked().size();
      double skipped = skipped(gateway);
      await(() -> push(gateway) && skipped(gateway) >= skipped + 10);
      assertThat(api.asked()).hasSize(asked);

      await(() -> out().size() == there.get());
      assertThat(new HashSet<>(out()))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.rangeClosed(1, there.get()).mapToObj(StandbyGatewayTest::record).toList());
      assertThat(gateway.output())
          .contains("the push source is silent, polling", "the push source is back");
      assertThat(gateway.stop()).isZero();
    }
  }

  private void answer(HttpServerRequest request) {
    int since = Integer.parseInt(request.getParam("since"));
    Api.json(
        request,
        IntStream.rangeClosed(since + 1, there.get())
            .mapToObj(StandbyGatewayTest::record)
            .collect(Collectors.joining(",", "{\"items\":[", "]}")));
  }

  private static String record(int number) {
    return "{\"n\":" + number + "}";
  }

  private boolean push(GatewayProcess gateway) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(gateway.url("http", "/hook"))
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(record(there.incrementAndGet())))
            .build();
    assertThat(client.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(202);
    return true;
  }

  private static double skipped(GatewayProcess gateway) {
    return gateway
        .get("/metrics")
        .lines()
        .filter(
            line ->
                line.startsWith("sluice_polls_skipped_total{reason=\"standby\",source=\"api\"}"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static String state(GatewayProcess gateway) {
    return new JsonObject(gateway.get("/api/v1/topology"))
        .getJsonArray("sources").stream()
            .map(JsonObject.class::cast)
            .filter(source -> source.getString("name").equals("api"))
            .map(source -> source.getString("state"))
            .findFirst()
            .orElseThrow();
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

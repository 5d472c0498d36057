package io.sluice.source.poll.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.Effort;
import io.sluice.harness.GatewayProcess;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From an API through a gateway in a process of its own into a file. */
class HttpPollGatewayTest {
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {"orders": {"type": "http-poll", "url": "http://127.0.0.1:PORT/o?since={cursor}",
                              "every": "50ms", "retry": {"first": "50ms", "max": "1s"},
                              "records": "/items", "cursor": {"max": "/n", "initial": "0"},
                              "pages": {"number": "page", "full": 10},
                              "headers": {"X-Key": "c4n4ry"}, "allowPrivate": true, "to": "orders"}},
       "streams": {"orders": {"dedupe": {"by": "/n"}}},
       "sinks": {"out": {"type": "file", "from": "orders", "path": "out.ndjson"}}}
      """;

  @TempDir Path directory;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger there = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();

  @AfterEach
  void close() throws InterruptedException, java.util.concurrent.TimeoutException {
    vertx.close().await(20, java.util.concurrent.TimeUnit.SECONDS);
  }

  /** Newest first, ten a page, and every seventh request fails. */
  private void answer(HttpServerRequest request) {
    if (requests.incrementAndGet() % 7 == 0) {
      request.response().setStatusCode(503).putHeader("retry-after", "0").end();
      return;
    }
    int since = Integer.parseInt(request.getParam("since"));
    int page = Integer.parseInt(request.getParam("page"));
    int newest = there.get();
    String items =
        IntStream.range(0, Math.max(0, newest - since))
            .map(i -> newest - i)
            .skip(10L * (page - 1))
            .limit(10)
            .mapToObj(HttpPollGatewayTest::record)
            .collect(Collectors.joining(","));
    Api.json(request, "{\"items\":[" + items + "]}");
  }

  private static String record(int n) {
    return "{\"n\":" + n + "}";
  }

  @Test
  void recordsOfAnApiThatFailsArriveOnceThroughKills() throws IOException {
    arrive(1, 200);
  }

  @Test
  @Tag("slow")
  void recordsOfAnApiThatFailsArriveOnceThroughManyKills() throws IOException {
    arrive(Effort.of(20, 3), Effort.of(4000, 600));
  }

  private void arrive(int kills, int records) throws IOException {
    Api api = Api.of(vertx, this::answer);
    String config = CONFIG.replace("PORT", Integer.toString(api.port()));
    long timer =
        vertx.setPeriodic(5, tick -> there.updateAndGet(now -> Math.min(records, now + 1)));
    try (GatewayProcess gateway = GatewayProcess.in(directory, config).start()) {
      for (int i = 1; i <= kills; i++) {
        int some = records * i / (kills + 2);
        await(() -> out().size() >= some);
        gateway.kill();
        gateway.start();
      }
      await(() -> new HashSet<>(out()).size() >= records);
      assertThat(gateway.stop()).isZero();
      assertThat(gateway.output()).doesNotContain("c4n4ry");
    }
    vertx.cancelTimer(timer);
    assertThat(out())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, records).mapToObj(HttpPollGatewayTest::record).toList());
    assertThat(api.last().header("x-key")).isEqualTo("c4n4ry");
  }

  private List<String> out() {
    Path file = directory.resolve("out.ndjson");
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(java.util.concurrent.Callable<Boolean> what) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(what);
  }
}

package io.sluice.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.cli.target.Target;
import io.sluice.harness.FreePorts;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class LoadDriverTest {
  private static final long MILLI = 1_000_000;

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Set<String> ids = ConcurrentHashMap.newKeySet();
  private final AtomicInteger requests = new AtomicInteger();

  @Test
  void everyEventIsAJsonObjectOfTheGivenSizeWithAnIdOfItsOwn(Vertx vertx) throws Exception {
    int port = serve(vertx, this::keep);

    LoadResult result = LoadDriver.run(load(port, 3, 5, OptionalDouble.empty()), Probe.NONE);

    assertThat(result.errors()).isEmpty();
    assertThat(result.statuses()).containsOnlyKeys(204);
    assertThat(result.requests()).isPositive();
    assertThat(result.events()).isEqualTo(result.requests() * 5).isPositive();
    assertThat(result.bytes()).isEqualTo(result.events() * 200);
    assertThat(result.eventsEver()).isEqualTo(result.eventsSent()).isEqualTo(lines.size());
    assertThat(result.eventsSinceOpened()).isBetween(result.events(), result.eventsEver());
    assertThat(lines).allSatisfy(line -> assertThat(line).hasSize(200));
    lines.forEach(line -> ids.add(new JsonObject(line).getString("id")));
    assertThat(ids).hasSameSizeAs(lines);
    assertThat(new JsonObject(lines.element())).hasSize(6);
  }

  @Test
  void oneEventIsSentAsJsonAndSeveralAsLines(Vertx vertx) throws Exception {
    Set<String> types = ConcurrentHashMap.newKeySet();
    int port =
        serve(
            vertx,
            request -> {
              types.add(request.getHeader("Content-Type") + " " + request.getHeader("Prefer"));
              request.response().setStatusCode(202).end("{}");
            });

    LoadDriver.run(load(port, 2, 1, OptionalDouble.empty()), Probe.NONE);
    LoadDriver.run(load(port, 2, 2, OptionalDouble.empty()), Probe.NONE);

    assertThat(types)
        .containsExactlyInAnyOrder(
            "application/json ack=stored", "application/x-ndjson ack=stored");
  }

  @Test
  void openLoopKeepsTheRate(Vertx vertx) throws Exception {
    List<Long> arrivals = new CopyOnWriteArrayList<>();
    int port =
        serve(
            vertx,
            request -> {
              arrivals.add(System.nanoTime());
              keep(request);
            });

    long before = System.nanoTime();
    LoadResult result = LoadDriver.run(load(port, 4, 1, OptionalDouble.of(1000)), Probe.NONE);

    // 600 ms at 1000 a second, warm-up and all: so many and no more, and none before it is due.
    assertThat(result.eventsSent()).isEqualTo(600);
    assertThat(result.unsent()).isZero();
    assertThat(arrivals).hasSize(600);
    for (int i = 0; i < arrivals.size(); i++) {
      assertThat(arrivals.get(i) - before).as("arrival %d", i).isGreaterThanOrEqualTo(i * MILLI);
    }
  }

  @Test
  void requestsLeaveWhenTheyAreDueAndNotInTheEnd(Vertx vertx) throws Exception {
    int port = serve(vertx, this::keep);
    LoadDriver.run(load(port, 4, 1, OptionalDouble.of(100)), Probe.NONE);

    // 20 ms between requests, so that it is the schedule which sends them and not the machine.
    LoadResult result =
        LoadDriver.run(load(port, 4, 1, OptionalDouble.of(50), Duration.ofSeconds(3)), Probe.NONE);

    assertThat(result.latency().getTotalCount()).isEqualTo(150);
    assertThat(result.millisAt(50)).isLessThan(500);
  }

  @Test
  void whatIsDueAndHeldUpWhenTheTimeIsOverIsSentLateAndCountsWithItsWholeWait(Vertx vertx)
      throws Exception {
    // One connection; the 500th request is due after 499 ms and answered 300 ms later, which is
    // past the end. The last of those behind it was due 200 ms before that.
    int port = serve(vertx, request -> answerLate(vertx, 500, request));

    LoadResult result = LoadDriver.run(load(port, 1, 1, OptionalDouble.of(1000)), Probe.NONE);

    assertThat(requests).hasValue(600);
    assertThat(result.eventsSent()).isEqualTo(600);
    assertThat(result.unsent()).isZero();
    assertThat(result.late()).isGreaterThanOrEqualTo(100);
    assertThat(result.latency().getTotalCount()).isEqualTo(500);
    // Those 100 are the slowest fifth.
    assertThat(result.millisAt(80.5)).isGreaterThan(195);
  }

  @Test
  void aStallIsChargedToEveryRequestThatItHeldUp(Vertx vertx) throws Exception {
    // One connection; one request is answered after 300 ms, so 300 others are due meanwhile.
    int port = serve(vertx, request -> answerLate(vertx, 250, request));

    LoadResult result = LoadDriver.run(load(port, 1, 1, OptionalDouble.of(1000)), Probe.NONE);

    // The median of 500 is among those held up; it would be well below a millisecond otherwise.
    assertThat(result.millisAt(50)).isGreaterThan(20);
    assertThat(result.millisAt(100)).isGreaterThan(290);
  }

  @Test
  void countsRefusalsAndGoesOn(Vertx vertx) throws Exception {
    int port =
        serve(
            vertx,
            request ->
                request
                    .response()
                    .setStatusCode(requests.incrementAndGet() % 2 == 0 ? 503 : 202)
                    .end());

    LoadResult result = LoadDriver.run(load(port, 1, 10, OptionalDouble.empty()), Probe.NONE);

    assertThat(result.statuses()).containsOnlyKeys(202, 503);
    assertThat(result.events()).isEqualTo(result.statuses().get(202) * 10);
  }

  @Test
  void opensAgainWhatTheServerCloses(Vertx vertx) throws Exception {
    int port =
        serve(
            vertx,
            request -> {
              if (requests.incrementAndGet() % 10 == 0) {
                request.connection().close();
              } else {
                request.response().setStatusCode(204).end();
              }
            });

    LoadResult result = LoadDriver.run(load(port, 2, 1, OptionalDouble.empty()), Probe.NONE);

    assertThat(requests.get()).isGreaterThan(100);
    assertThat(result.errors().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(requests.get() / 10);
    assertThat(result.eventsEver()).isEqualTo(requests.get() - requests.get() / 10);
  }

  @Test
  void failsWhenNobodyListens() {
    int port = FreePorts.next();
    assertThatThrownBy(() -> LoadDriver.run(load(port, 2, 1, OptionalDouble.empty()), Probe.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("refused");
  }

  @Test
  void pipelinesAndSpreadsOverThreads(Vertx vertx) throws Exception {
    int port = serve(vertx, this::keep);
    Load load =
        new Load(
            Target.of(URI.create("http://127.0.0.1:" + port + "/v1/events")),
            3,
            4,
            2,
            OptionalDouble.empty(),
            1,
            200,
            true,
            List.of(),
            Duration.ofMillis(50),
            Duration.ofMillis(300));

    LoadResult result = LoadDriver.run(load, Probe.NONE);

    assertThat(result.errors()).isEmpty();
    assertThat(result.eventsEver()).isEqualTo(lines.size());
    lines.forEach(line -> ids.add(new JsonObject(line).getString("id")));
    assertThat(ids).hasSameSizeAs(lines);
  }

  private void answerLate(Vertx vertx, int which, HttpServerRequest request) {
    if (requests.incrementAndGet() == which) {
      vertx.setTimer(300, id -> request.response().setStatusCode(204).end());
    } else {
      request.response().setStatusCode(204).end();
    }
  }

  private void keep(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              lines.addAll(body.toString().lines().toList());
              request.response().setStatusCode(204).end();
            });
  }

  private static Load load(int port, int connections, int batch, OptionalDouble rate) {
    return load(port, connections, batch, rate, Duration.ofMillis(500));
  }

  private static Load load(
      int port, int connections, int batch, OptionalDouble rate, Duration duration) {
    return new Load(
        Target.of(URI.create("http://127.0.0.1:" + port + "/v1/events")),
        connections,
        1,
        1,
        rate,
        batch,
        200,
        true,
        List.of("Prefer: ack=stored"),
        Duration.ofMillis(100),
        duration);
  }

  private static int serve(Vertx vertx, Handler<HttpServerRequest> handler) throws Exception {
    HttpServer server = vertx.createHttpServer().requestHandler(handler);
    return server
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get()
        .actualPort();
  }
}

package io.sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.Effort;
import io.sluice.harness.GatewayProcess;
import io.sluice.harness.Pki;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One reload after the other, of every kind of part, under load over HTTP, HTTPS, WebSocket and
 * TCP: no request fails, no connection is closed but those of a source that a reload said it would
 * interrupt, and nothing is lost or doubled.
 */
@Tag("slow")
class ReloadLoopTest {
  private static final int ROUNDS = Effort.of(200, 24);
  private static final Duration EVERY = Duration.ofMillis(300);
  private static final Pki PKI = new Pki();
  private static final String KEY = "the-key-that-stays";
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {
         "in": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/v1/events", "roomWithin": "10s",
                "auth": {"type": "api-key", "keys": {"app": "the-key-that-stays"}}, "to": "events"},
         "safe": {"type": "http", "listen": "127.0.0.1:{{https}}", "path": "/v1/events",
                  "roomWithin": "10s",
                  "tls": {"cert": "server.pem", "key": "server.key"}, "to": "events"},
         "live": {"type": "websocket", "listen": "127.0.0.1:{{http}}", "path": "/v1/live",
                  "accept": "json", "to": "live"},
         "lines": {"type": "tcp", "listen": "127.0.0.1:{{tcp}}", "accept": "json",
                   "receipts": true, "to": "lines"},
         "moving": {"type": "tcp", "listen": "127.0.0.1:{{moving}}", "accept": "json",
                    "receipts": true, "to": "moving"}},
       "streams": {
         "events": {"maxBytes": "256MiB"},
         "live": {"maxBytes": "256MiB"},
         "lines": {"maxBytes": "256MiB"},
         "moving": {"maxBytes": "256MiB", "dedupe": {"by": "/id", "window": "1h"}}},
       "sinks": {
         "archive": {"type": "file", "from": ["events", "live", "lines", "moving"],
                     "path": "out/{stream}-{seq}.ndjson", "maxBytes": "8MiB"}}}
      """;

  private final long seed = Long.getLong("sluice.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Ledger ledger = new Ledger();
  private final List<Long> micros = new ArrayList<>();
  private JsonObject config;

  @TempDir private Path directory;

  /** Something that becomes different. */
  private interface Change {
    void make() throws Exception;
  }

  private JsonObject part(String section, String name) {
    return config.getJsonObject(section).getJsonObject(name);
  }

  private String size(int most) {
    return (1 + random.nextInt(most)) + "MiB";
  }

  /** Every kind of change there is to a part that is used, and parts that come and go. */
  private List<Change> changes(GatewayProcess gateway) {
    JsonObject another =
        new JsonObject()
            .put("type", "http")
            .put("listen", "127.0.0.1:" + gateway.port("http"))
            .put("path", "/more")
            .put("to", "more");
    return List.of(
        () -> part("sources", "in").put("maxEventBytes", size(8)),
        () -> part("sources", "live").put("maxMessageBytes", size(8)),
        () -> part("sources", "lines").put("maxEventBytes", size(8)),
        () -> part("sources", "moving").put("maxConnections", 100 + random.nextInt(900)),
        () -> part("sources", "safe").put("quota", quota()),
        () -> part("sources", "in").put("quota", quota()),
        () -> part("sources", "in").getJsonObject("auth").put("keys", keys()),
        () -> part("streams", "events").put("maxBytes", 200 + random.nextInt(200) + "MiB"),
        () -> part("streams", "lines").put("retain", new JsonObject().put("size", size(8))),
        () -> part("streams", "live").put("sync", random.nextBoolean() ? "always" : "5ms"),
        () -> part("streams", "events").put("intake", size(16)),
        () -> part("sinks", "archive").put("batch", new JsonObject().put("maxBytes", size(4))),
        () -> comeOrGo("sources", "another", another),
        () -> comeOrGo("sinks", "copy", discard()),
        () -> part("sinks", "archive").put("maxBytes", size(8)),
        () -> Pki.write(directory, "server", PKI.server()));
  }

  private JsonObject quota() {
    return new JsonObject().put("events", 10_000_000 + random.nextInt(1_000_000));
  }

  private JsonObject keys() {
    return new JsonObject().put("app", KEY).put("other", "another-key-" + random.nextInt(1000));
  }

  private JsonObject discard() {
    List<String> streams = List.of("events", "live", "lines", "moving");
    return new JsonObject()
        .put("type", "discard")
        .put("from", new JsonArray(streams.subList(0, 1 + random.nextInt(streams.size()))));
  }

  private void comeOrGo(String section, String name, JsonObject part) {
    JsonObject all = config.getJsonObject(section);
    if (all.remove(name) == null) {
      all.put(name, part);
    }
  }

  @Test
  void noRequestFailsNoConnectionIsClosedUnannouncedAndNothingIsLostOrDoubled() throws Exception {
    System.out.printf("reload loop: %d rounds, seed %d%n", ROUNDS, seed);
    Pki.write(directory, "server", PKI.server());
    try (GatewayProcess gateway =
        GatewayProcess.in(directory, CONFIG).with("--watch", "0s").start()) {
      config = new JsonObject(Files.readString(file()));
      URI plain = gateway.url("http", "/v1/events");
      URI safe = URI.create("https://localhost:" + gateway.port("https") + "/v1/events");
      URI live = URI.create("ws://127.0.0.1:" + gateway.port("http") + "/v1/live");
      int interrupted;
      long start = System.nanoTime();
      try (UnfailingClients posts =
              new UnfailingClients(ledger, plain, KEY, clients(3, false), random);
          UnfailingClients safePosts =
              new UnfailingClients(ledger, safe, KEY, clients(2, true), random);
          ReturningClients sessions =
              new ReturningClients(ledger, () -> new SessionLink.Session(live), random);
          ReturningClients lines =
              new ReturningClients(ledger, () -> () -> new LineLink(gateway.port("tcp")), random);
          ReturningClients moving =
              new ReturningClients(
                  ledger, () -> () -> new LineLink(gateway.port("moving")), random)) {
        interrupted = reloadManyTimes(gateway);
        double seconds = (System.nanoTime() - start) / 1e9;
        posts.close();
        safePosts.close();
        assertThat(sessions.finish().opened()).as("WebSocket connections").isEqualTo(4);
        assertThat(lines.finish().opened()).as("TCP connections").isEqualTo(4);
        ReturningClients.Connections moved = moving.finish();
        assertThat(moved.served())
            .as("TCP connections of the source that %d reloads interrupted", interrupted)
            .isBetween(4, 4 * (1 + interrupted));
        assertThat(posts.failures()).as("HTTP").isEmpty();
        assertThat(safePosts.failures()).as("HTTPS").isEmpty();
        micros.sort(null);
        System.out.printf(
            "reload loop: %d reloads in %.1f s, %d announced to close connections; a reload took"
                + " %.1f ms (median), %.1f ms (most); %d requests, %d events, none lost%n",
            ROUNDS,
            seconds,
            interrupted,
            micros.get(micros.size() / 2) / 1e3,
            micros.get(micros.size() - 1) / 1e3,
            posts.requests() + safePosts.requests(),
            ledger.acknowledged());
      }
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .pollInterval(Duration.ofMillis(200))
          .until(() -> ledger.missing(directory.resolve("out")) == 0);
      assertThat(gateway.stop()).as(gateway.output()).isZero();
      assertThat(gateway.output()).doesNotContain("could not be applied").doesNotContain(KEY);
    }
    List<String> wrong = ledger.compare(directory.resolve("out"));
    assertThat(wrong.stream().limit(20).toList())
        .as("seed %d, %d things wrong", seed, wrong.size())
        .isEmpty();
  }

  /** How often a reload said that it would interrupt the source that may be. */
  private int reloadManyTimes(GatewayProcess gateway) throws Exception {
    List<Change> changes = changes(gateway);
    int interrupted = 0;
    long due = System.nanoTime();
    for (int round = 1; round <= ROUNDS; round++) {
      boolean bad = random.nextInt(10) == 0;
      for (int i = random.nextInt(3); i >= 0; i--) {
        changes.get(random.nextInt(changes.size())).make();
      }
      Files.writeString(file(), bad ? config.encode() + "}" : config.encodePrettily());
      JsonObject answer = reload(gateway);
      assertThat(answer.getString("outcome"))
          .as("round %d, seed %d: %s%n%s", round, seed, answer, gateway.output())
          .isIn(bad ? List.of("invalid") : List.of("applied", "unchanged"));
      List<String> closing =
          steps(answer)
              .filter(step -> step.getBoolean("closesConnections"))
              .map(step -> step.getString("name"))
              .toList();
      assertThat(closing).isSubsetOf("moving", "another");
      interrupted += closing.contains("moving") ? 1 : 0;
      due += EVERY.toNanos();
      LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
    }
    return interrupted;
  }

  private static Stream<JsonObject> steps(JsonObject answer) {
    return answer.getJsonArray("steps").stream().map(JsonObject.class::cast);
  }

  private Path file() {
    return directory.resolve("sluice.json");
  }

  private static List<HttpClient> clients(int count, boolean trusting) {
    return Stream.generate(
            () -> {
              HttpClient.Builder builder =
                  HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
              return trusting ? builder.sslContext(PKI.client()).build() : builder.build();
            })
        .limit(count)
        .toList();
  }

  private JsonObject reload(GatewayProcess gateway) throws Exception {
    long start = System.nanoTime();
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(gateway.url("admin", "/api/v1/reload"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    micros.add((System.nanoTime() - start) / 1000);
    return new JsonObject(answer.body());
  }
}

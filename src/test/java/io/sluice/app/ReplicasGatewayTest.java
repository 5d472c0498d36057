package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.Effort;
import io.sluice.harness.GatewayProcess;
import io.sluice.harness.Severable;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two gateways with a disk and a sink each, and a database between them, each on a wire of its own:
 * what clients bring to either is in the two sinks once.
 */
@Tag("slow")
class ReplicasGatewayTest {
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "replicas": {"name": "{name}", "database": {
          "url": "postgresql://127.0.0.1:{port}/postgres", "user": "postgres",
          "connectTimeout": "1s", "statementTimeout": "1s"}},
       "sources": {
         "app": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/v1/events",
                 "to": "events"},
         "live": {"type": "websocket", "listen": "127.0.0.1:{{http}}", "path": "/v1/live",
                  "accept": "json", "to": "live"},
         "plain": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/v1/plain",
                   "to": "live"}},
       "streams": {"events": {"dedupe": {"by": "/id", "shared": true}}, "live": {}},
       "sinks": {"out": {"type": "file", "from": ["events", "live"], "path": "out.ndjson"}}}
      """;

  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]*)\"");

  private static EmbeddedPostgres server;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
  private final List<Severable> wires = new ArrayList<>();
  private final List<GatewayProcess> gateways = new ArrayList<>();
  @TempDir Path directory;

  @BeforeAll
  static void open() throws IOException {
    server = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
  }

  @AfterAll
  static void close() throws IOException {
    server.close();
  }

  @BeforeEach
  void start() throws Exception {
    try (var database = server.getPostgresDatabase().getConnection();
        var statement = database.createStatement()) {
      statement.execute("DROP SCHEMA public CASCADE");
      statement.execute("CREATE SCHEMA public");
    }
    for (String name : List.of("one", "two")) {
      Severable wire = new Severable(server.getPort());
      String config =
          CONFIG.replace("{name}", name).replace("{port}", Integer.toString(wire.port()));
      wires.add(wire);
      gateways.add(GatewayProcess.in(directory.resolve(name), config));
    }
    gateways.forEach(GatewayProcess::start);
  }

  @AfterEach
  void stop() {
    gateways.forEach(GatewayProcess::close);
    wires.forEach(Severable::close);
  }

  @Test
  void whatReachesBothIsInTheirSinksOnce() {
    Pushers pushers = new Pushers(4, true);
    pushers.until(200);
    pushers.end();

    settled(pushers.acknowledged);
    assertThat(pushers.accepted.get()).isEqualTo(pushers.acknowledged.size());
    assertThat(pushers.duplicates.get()).isEqualTo(pushers.acknowledged.size());
  }

  @Test
  void throughManyOfThemEverythingIsThereOnce() throws Exception {
    disturbed(Effort.of(20, 2));
  }

  private void disturbed(int rounds) throws Exception {
    Pushers pushers = new Pushers(4, false);
    for (int round = 0; round < rounds; round++) {
      int which = round % 2;
      pushers.more(30);
      gateways.get(which).kill();
      pushers.more(30);
      gateways.get(which).start();
      pushers.more(30);
      signal(gateways.get(1 - which), "STOP");
      pushers.more(30);
      TimeUnit.SECONDS.sleep(4); // longer than any time limit between it and the database
      signal(gateways.get(1 - which), "CONT");
      wires.get(which).swallow();
      pushers.more(30);
      wires.get(which).cut();
      pushers.more(30);
      wires.get(which).pass();
      wires.get(1 - which).cut();
      gateways.get(1 - which).kill();
      wires.get(1 - which).pass();
      gateways.get(1 - which).start();
    }
    pushers.more(50);
    pushers.end();

    settled(pushers.acknowledged);
  }

  @Test
  void withoutTheDatabaseNothingIsTakenAndAfterwardsItGoesOn() {
    URI url = gateways.get(0).url("http", "/v1/events");
    assertThat(push(url, "{\"id\":\"a\"}").statusCode()).isEqualTo(202);
    wires.get(0).cut();

    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> push(url, "{\"id\":\"b\"}").statusCode() == 503);
    HttpResponse<String> refused = push(url, "{\"id\":\"c\"}");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
    assertThat(refused.body()).contains("replica-store");
    assertThat(gateways.get(0).get("/metrics")).contains("reason=\"replica-store\"");
    assertThat(push(gateways.get(0).url("http", "/v1/plain"), "{\"id\":\"p\"}").statusCode())
        .as("what nobody has to be asked about is taken")
        .isEqualTo(202);

    wires.get(0).pass();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> push(url, "{\"id\":\"b\"}").statusCode() == 202);
    settled(Set.of("a", "b", "p"));
  }

  @Test
  void aReloadAddsWhatIsShared() throws Exception {
    String alone = ", \"shared\": true";
    for (GatewayProcess gateway : gateways) {
      reload(gateway, text -> text.replace(alone, ""));
      assertThat(push(gateway.url("http", "/v1/events"), "{\"id\":\"a\"}").body())
          .contains("\"accepted\":1");
      reload(gateway, text -> text.replace("\"by\": \"/id\"", "\"by\": \"/id\"" + alone));
    }
    URI one = gateways.get(0).url("http", "/v1/events");
    URI two = gateways.get(1).url("http", "/v1/events");
    assertThat(push(one, "{\"id\":\"b\"}").body()).contains("\"accepted\":1");
    assertThat(push(two, "{\"id\":\"b\"}").body()).contains("\"accepted\":0");
    assertThat(push(two, "{\"id\":\"a\"}").body()).contains("\"accepted\":0");

    gateways.forEach(gateway -> assertThat(gateway.stop()).isZero());
    assertThat(counts()).isEqualTo(Map.of("a", 2, "b", 1));
  }

  private void reload(GatewayProcess gateway, UnaryOperator<String> change) throws Exception {
    Path file = gateway.directory().resolve("sluice.json");
    Files.writeString(file, change.apply(Files.readString(file)));
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(gateway.url("admin", "/api/v1/reload"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void aGatewayStartsWithoutTheDatabaseAndTakesEventsOnceItIsThere() {
    GatewayProcess gateway = gateways.get(0);
    URI url = gateway.url("http", "/v1/events");
    URI plain = gateway.url("http", "/v1/plain");
    assertThat(push(url, "{\"id\":\"a\"}").statusCode()).isEqualTo(202);
    assertThat(push(plain, "{\"id\":\"p\"}").statusCode()).isEqualTo(202);
    gateway.kill();
    wires.get(0).cut();

    gateway.start();
    assertThat(push(url, "{\"id\":\"b\"}").statusCode()).isEqualTo(503);
    assertThat(push(plain, "{\"id\":\"q\"}").statusCode()).isEqualTo(202);
    wires.get(0).pass();

    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> push(url, "{\"id\":\"b\"}").statusCode() == 202);
    settled(Set.of("a", "b", "p", "q"));
  }

  @Test
  void aSessionGoesOnThroughManyKills() throws Exception {
    session(Effort.of(20, 3));
  }

  private void session(int moves) throws Exception {
    Pusher pusher = new Pusher();
    for (int move = 0; move < moves; move++) {
      GatewayProcess gateway = gateways.get(move % 2);
      long until = pusher.through.get() + 400;
      pusher.connect(gateway, until + 200);
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> pusher.through.get() >= until);
      if (move % 3 == 2) {
        pusher.connect(gateways.get((move + 1) % 2), until + 200); // the old one lingers
      } else {
        gateway.kill();
        pusher.connect(gateways.get((move + 1) % 2), until + 200);
        Awaitility.await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> pusher.through.get() >= until + 200);
        gateway.start();
      }
    }
    long all = pusher.through.get() + 300;
    pusher.connect(gateways.get(moves % 2), all);
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> pusher.through.get() >= all);

    settled(IntStream.rangeClosed(1, (int) all).mapToObj(i -> "s" + i).collect(Collectors.toSet()));
  }

  /** A client of {@code sluice.v1}, which sends all there is at once, from where it is told. */
  private final class Pusher {
    final AtomicLong through = new AtomicLong();
    volatile String session = "";

    void connect(GatewayProcess gateway, long last) {
      String url =
          "ws://127.0.0.1:"
              + gateway.port("http")
              + "/v1/live"
              + (session.isEmpty() ? "" : "?session=" + session);
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                try {
                  CountDownLatch ready = new CountDownLatch(1);
                  client
                      .newWebSocketBuilder()
                      .subprotocols("sluice.v1")
                      .buildAsync(URI.create(url), new Frames(last, through.get(), ready))
                      .join();
                  return ready.await(3, TimeUnit.SECONDS);
                } catch (CompletionException refused) {
                  return false;
                }
              });
    }

    private final class Frames implements WebSocket.Listener {
      private static final Pattern SESSION = Pattern.compile("\"session\":\"([^\"]*)\"");
      private static final Pattern THROUGH = Pattern.compile("\"through\":(\\d+)");
      private final StringBuilder text = new StringBuilder();
      private final long last;
      private final long known;
      private final CountDownLatch ready;

      Frames(long last, long known, CountDownLatch ready) {
        this.last = last;
        this.known = known;
        this.ready = ready;
      }

      @Override
      public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean end) {
        text.append(data);
        socket.request(1);
        if (end) {
          frame(socket, text.toString());
          text.setLength(0);
        }
        return null;
      }

      private void frame(WebSocket socket, String frame) {
        Matcher matcher = THROUGH.matcher(frame);
        long reached = matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
        Matcher named = SESSION.matcher(frame);
        if (named.find()) {
          assertThat(reached).isGreaterThanOrEqualTo(known);
          session = named.group(1);
          ready.countDown();
          new Thread(() -> send(socket, reached)).start();
        }
        through.accumulateAndGet(reached, Math::max);
      }

      private void send(WebSocket socket, long reached) {
        for (long number = reached + 1; number <= last; number++) {
          socket.sendText("{\"id\":\"s" + number + "\"}", true).join();
        }
      }
    }
  }

  private HttpResponse<String> push(URI url, String body) {
    try {
      return client.send(
          HttpRequest.newBuilder(url)
              .timeout(Duration.ofSeconds(3))
              .header("Content-Type", "application/x-ndjson")
              .header("Prefer", "wait=2")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Threads that push batches, to both gateways or to any, until somebody says 202. */
  private final class Pushers {
    final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    final AtomicInteger accepted = new AtomicInteger();
    final AtomicInteger duplicates = new AtomicInteger();
    private final AtomicInteger batches = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private final boolean both;
    private volatile boolean ended;

    Pushers(int count, boolean both) {
      this.both = both;
      for (int i = 0; i < count; i++) {
        String mark = "t" + i + "-";
        Thread thread = new Thread(() -> run(mark));
        threads.add(thread);
        thread.start();
      }
    }

    private void run(String mark) {
      for (int i = 0; !ended; i++) {
        String each = mark + i + "-";
        List<String> ids = IntStream.range(0, 5).mapToObj(n -> each + n).toList();
        String body =
            ids.stream().map(id -> "{\"id\":\"" + id + "\"}\n").collect(Collectors.joining());
        if (both) {
          CompletableFuture<Void> other = CompletableFuture.runAsync(() -> push(0, body));
          push(1, body);
          other.join();
        } else {
          // Whoever is not answered does not know; it is sent to another one, or to two.
          boolean once = push(ThreadLocalRandom.current().nextInt(2), body);
          while (!once || ThreadLocalRandom.current().nextInt(4) == 0) {
            LockSupport.parkNanos(5_000_000);
            once |= push(ThreadLocalRandom.current().nextInt(2), body);
          }
        }
        acknowledged.addAll(ids);
        batches.incrementAndGet();
      }
    }

    private boolean push(int gateway, String body) {
      try {
        HttpResponse<String> answer =
            ReplicasGatewayTest.this.push(gateways.get(gateway).url("http", "/v1/events"), body);
        if (answer.statusCode() == 202) {
          accepted.addAndGet(number(answer.body(), "accepted"));
          duplicates.addAndGet(number(answer.body(), "duplicates"));
          return true;
        }
        assertThat(answer.statusCode()).isIn(404, 503, 504); // 404: it is starting
      } catch (UncheckedIOException down) {
        // It is dead, or stands still.
      }
      return false;
    }

    void until(int count) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> batches.get() >= count);
    }

    void more(int count) {
      until(batches.get() + count);
    }

    void end() {
      ended = true;
      for (Thread thread : threads) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private static int number(String json, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":(\\d+)").matcher(json);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private static void signal(GatewayProcess gateway, String signal) throws Exception {
    new ProcessBuilder("kill", "-" + signal, Long.toString(gateway.pid())).start().waitFor();
  }

  /** Everything that was acknowledged gets there, and nothing is there twice. */
  private void settled(Set<String> acknowledged) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(counts().keySet()).containsAll(acknowledged));
    gateways.forEach(gateway -> assertThat(gateway.stop()).isZero());
    Map<String, Integer> counts = counts();
    Set<String> twice = new HashSet<>(counts.keySet());
    twice.removeIf(id -> counts.get(id) == 1);
    assertThat(twice).as("in sinks more than once").isEmpty();
    assertThat(counts.keySet()).containsAll(acknowledged);
  }

  /** How often each event is in the two sinks. */
  private Map<String, Integer> counts() {
    Map<String, Integer> counts = new HashMap<>();
    for (GatewayProcess gateway : gateways) {
      Path out = gateway.directory().resolve("out.ndjson");
      try {
        for (String line : Files.exists(out) ? Files.readAllLines(out) : List.<String>of()) {
          Matcher matcher = ID.matcher(line);
          if (matcher.find()) {
            counts.merge(matcher.group(1), 1, Integer::sum);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return counts;
  }
}

package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.admin.AdminConfig;
import io.sluice.admin.AdminListener;
import io.sluice.admin.GatewayView;
import io.sluice.app.LastClients.Line;
import io.sluice.app.LastClients.Live;
import io.sluice.config.Checked;
import io.sluice.config.Reading;
import io.sluice.connector.Catalog;
import io.sluice.control.Configuration;
import io.sluice.control.ConfigurationModel;
import io.sluice.control.DataDirectory;
import io.sluice.control.Drain;
import io.sluice.control.Gateway;
import io.sluice.control.Reloads;
import io.sluice.flow.Flow;
import io.sluice.harness.FreePorts;
import io.sluice.harness.LogHeard;
import io.sluice.harness.Loop;
import io.sluice.harness.MaxLog;
import io.sluice.harness.SluiceExtension;
import io.sluice.net.Listeners;
import io.sluice.replica.Replica;
import io.sluice.sink.file.FileSinkFactory;
import io.sluice.source.http.HttpSourceFactory;
import io.sluice.source.poll.Hosts;
import io.sluice.source.poll.PollSourceFactory;
import io.sluice.source.poll.http.HttpPollFactory;
import io.sluice.source.tcp.TcpSourceFactory;
import io.sluice.source.websocket.WebSocketSourceFactory;
import io.sluice.telemetry.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/**
 * In which order a gateway that is told to stop lets go: readiness and polls, listeners, requests
 * and receipts, streams, sinks.
 */
@ExtendWith(SluiceExtension.class)
@MaxLog(Level.WARN)
class DrainOrderTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String PULLED = event(0);
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:%1$d"},
       "sources": {
         "web": {"type": "http", "listen": "127.0.0.1:%2$d", "path": "/v1/events", "to": "events",
                 "idleTimeout": "40s", "answerWithin": "30s"},
         "live": {"type": "websocket", "listen": "127.0.0.1:%2$d", "path": "/v1/live",
                  "idleTimeout": "40s", "to": "events"},
         "line": {"type": "tcp", "listen": "127.0.0.1:%3$d", "receipts": true, "to": "events"},
         "pull": {"type": "http-poll", "url": "http://127.0.0.1:%4$d/", "allowPrivate": true,
                  "every": "50ms", "jitter": "0s", "to": "events"}},
       "sinks": {
         "archive": {"type": "file", "from": "events", "path": "%5$s"},
         "slow": {"type": "stalling", "from": "events", "batch": {"maxEvents": 1}}}}
      """;

  @TempDir private Path directory;
  private final int admin = FreePorts.next();
  private final int web = FreePorts.next();
  private final int line = FreePorts.next();
  private final Meters meters = new Meters();
  private final SlowDisk disk = new SlowDisk();
  private final LogHeard log = LogHeard.of(Gateway.class);
  private HeldAnswers api;
  private DataDirectory data;
  private Vertx vertx;
  private StallingSink slow;
  private Gateway gateway;

  @BeforeEach
  void prepare(Vertx given) throws IOException {
    vertx = given;
    Flow.install(vertx);
    slow = new StallingSink(vertx);
    api = new HeldAnswers(PULLED);
    data = DataDirectory.open(directory.resolve("data"));
  }

  @AfterEach
  void close() throws IOException {
    disk.letGo();
    slow.goOn();
    api.close();
    Loop.wait(gateway.stop());
    Loop.undeployAll(vertx);
    data.close();
    log.close();
  }

  @Test
  void itPollsNoMoreAtOnceAndTakesEverybodyElseUntilTheDelayIsOver() throws IOException {
    start(new Drain(Duration.ofMinutes(10), PATIENCE));
    try (Line before = new Line(line)) {
      Live liveBefore = new Live(web);
      assertThat(liveBefore.next()).startsWith("{\"ready\"");

      Future<Void> stopped = gateway.drain();

      assertThat(ready()).startsWith("HTTP/1.1 503 ");
      api.letGo();
      before.send(event(1) + "\n");
      assertThat(before.next()).isEqualTo("1");
      liveBefore.send(event(2));
      assertThat(liveBefore.next()).contains("\"through\":1");
      try (Line request = Line.posted(web, event(3));
          Line next = new Line(line)) {
        assertThat(request.next()).startsWith("HTTP/1.1 202 ");
        next.send(event(4) + "\n");
        assertThat(next.next()).isEqualTo("1");
        Live live = new Live(web);
        assertThat(live.next()).startsWith("{\"ready\"");
        live.send(event(5));
        assertThat(live.next()).contains("\"through\":1");
        assertThat(stopped.isComplete()).isFalse();

        gateway.hurry();
        for (Live each : List.of(live, liveBefore)) {
          assertThat(each.next()).isEqualTo("closed 1012 through 1");
        }
        for (Line each : List.of(next, before)) {
          assertThat(each.next()).startsWith("ERR draining ");
          assertThat(each.next()).as("closed").isNull();
          each.close();
        }
      }
      Loop.wait(stopped);
      assertKept(PULLED, event(1), event(2), event(3), event(4), event(5));
    }
  }

  @Test
  void whatWasBegunGetsItsReceiptsThenStreamsRunEmptyThenSinksLetGo() throws IOException {
    Duration delay = Duration.ofMillis(300);
    start(new Drain(delay, PATIENCE));
    Awaitility.await().atMost(PATIENCE).until(() -> slow.taken().size() == 1);
    disk.hold();
    slow.stall();
    try (Line whole = Line.posted(web, event(1));
        Line half = Line.begun(web, event(2).length());
        Line receipts = new Line(line)) {
      half.send(event(2).substring(0, 9));
      Live live = new Live(web);
      assertThat(live.next()).startsWith("{\"ready\"");
      live.send(event(3));
      receipts.send(event(4) + "\n" + event(5) + "\n");
      Awaitility.await().atMost(PATIENCE).until(() -> disk.held() == 4);

      long told = System.nanoTime();
      Future<Void> stopped = gateway.drain();
      assertThat(ready()).startsWith("HTTP/1.1 503 ");
      api.letGo();
      Awaitility.await().atMost(PATIENCE).until(() -> refused(line));
      assertThat(Duration.ofNanos(System.nanoTime() - told)).isGreaterThanOrEqualTo(delay);
      Awaitility.await().atMost(PATIENCE).until(() -> asked(web, "/v1/events").contains(" 503 "));
      half.send(event(2).substring(9));
      Awaitility.await().atMost(PATIENCE).until(() -> disk.held() == 5);
      assertThat(whole.heardNothing()).isTrue();
      assertThat(half.heardNothing()).isTrue();
      assertThat(receipts.heardNothing()).isTrue();
      assertThat(live.heardNothing()).isTrue();

      disk.letGo();
      assertThat(whole.next()).startsWith("HTTP/1.1 202 ");
      assertThat(half.next()).startsWith("HTTP/1.1 202 ");
      assertThat(live.next()).contains("\"through\":1");
      assertThat(live.next()).isEqualTo("closed 1012 through 1");
      assertThat(lastOf(receipts)).isEqualTo("2");
      receipts.close();

      Awaitility.await().atMost(PATIENCE).until(() -> refused(web));
      assertThat(stopped.isComplete()).as("a sink has not everything").isFalse();
      assertThat(slow.taken()).hasSize(1);
      slow.goOn();
      Loop.wait(stopped);
    }
    assertKept(PULLED, event(1), event(2), event(3), event(4), event(5));
  }

  /** The last number, behind which it says why it closes, and does. */
  private static String lastOf(Line receipts) throws IOException {
    String last = "";
    String next = receipts.next();
    while (next.matches("[0-9]+")) {
      last = next;
      next = receipts.next();
    }
    assertThat(next).startsWith("ERR draining ");
    assertThat(receipts.next()).as("closed").isNull();
    return last;
  }

  private void assertKept(String... events) throws IOException {
    assertThat(Files.readAllLines(archive())).containsExactlyInAnyOrder(events);
    assertThat(slow.taken()).hasSize(events.length);
    assertThat(slow.taken().values()).containsOnly(1);
    assertThat(api.asked()).as("polls").isEqualTo(2);
    assertThat(log.lines())
        .last()
        .asString()
        .startsWith("INFO stopped left=nothing cutOff=nothing ");
    assertThatThrownBy(() -> new Line(web)).isInstanceOf(ConnectException.class);
  }

  private static String event(int number) {
    return StallingSink.id(number) + "\"x\":1}";
  }

  private Path archive() {
    return directory.resolve("events.ndjson");
  }

  private String ready() throws IOException {
    return asked(admin, "/health/ready");
  }

  /** How the answer to a GET begins. */
  private static String asked(int port, String path) throws IOException {
    try (Line line = new Line(port)) {
      line.send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
      return line.next();
    }
  }

  private static boolean refused(int port) throws IOException {
    try (Line line = new Line(port)) {
      return false;
    } catch (ConnectException nobodyThere) {
      return true;
    }
  }

  /** Starts it, and waits until a second poll is under way. */
  private void start(Drain drain) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("sluice.json"),
            CONFIG.formatted(admin, web, line, api.port(), archive()));
    Reading reading = Reading.of(List.of(file));
    ConfigurationModel<AdminConfig> model =
        new ConfigurationModel<>(catalog(), AdminConfig.class, AdminConfig::claims);
    Configuration<AdminConfig> configuration =
        model
            .check(reading, name -> null)
            .fold(
                Checked.Good::value,
                bad -> {
                  throw new AssertionError(bad.problems());
                });
    gateway =
        new Gateway(
            vertx,
            configuration.settings(),
            data,
            disk,
            meters.registry(),
            Clock.systemUTC(),
            drain,
            Replica.of(
                vertx, configuration.replicas(), () -> "here", name -> null, meters.registry()),
            failure -> {});
    AdminListener admin = new AdminListener(vertx, meters, 2);
    Reloads<AdminConfig> reloads =
        new Reloads<>(
            vertx,
            model,
            name -> null,
            data,
            gateway,
            admin,
            configuration,
            reading,
            meters.registry(),
            Clock.systemUTC());
    GatewayView view = new GatewayView(gateway, reloads, Clock.systemUTC());
    Loop.wait(admin.start(configuration.admin(), view));
    Loop.wait(gateway.start());
    Awaitility.await().atMost(PATIENCE).until(() -> api.asked() == 2);
    assertThat(ready()).startsWith("HTTP/1.1 200 ");
  }

  private Catalog catalog() {
    Listeners listeners = new Listeners(vertx, meters.registry(), 2);
    Hosts hosts = Hosts.of(vertx);
    return Catalog.of(
        List.of(
            new HttpSourceFactory(() -> listeners),
            new WebSocketSourceFactory(() -> listeners),
            new TcpSourceFactory(() -> listeners),
            PollSourceFactory.of(new HttpPollFactory(), () -> hosts)),
        List.of(new FileSinkFactory(), slow));
  }
}

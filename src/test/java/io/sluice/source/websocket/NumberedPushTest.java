package io.sluice.source.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.config.ByteSize;
import io.sluice.flow.Flow;
import io.sluice.flow.Inlets;
import io.sluice.harness.MaxLog;
import io.sluice.harness.SluiceExtension;
import io.sluice.journal.Journal;
import io.sluice.stream.Stream;
import io.sluice.stream.StreamSettings;
import io.sluice.stream.StreamSettings.Buffer;
import io.sluice.stream.StreamSettings.WhenFull;
import io.sluice.stream.Sync;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/** Subprotocol {@code sluice.v1} in front of a stream on disk. */
@ExtendWith(SluiceExtension.class)
@MaxLog(Level.WARN) // Refusals are logged once in a while.
class NumberedPushTest {
  @TempDir private Path directory;
  private Vertx vertx;
  private Stream stream;
  private LiveServer server;

  @BeforeEach
  void start(Vertx given) {
    vertx = given;
    Flow.install(vertx);
    startAll();
  }

  private void startAll() {
    StreamSettings settings =
        new StreamSettings(
            Buffer.DISK,
            Optional.of(ByteSize.parse("64MiB")),
            WhenFull.BLOCK,
            Optional.empty(),
            Sync.ALWAYS,
            ByteSize.parse("64MiB"),
            Optional.empty(),
            Optional.empty());
    stream =
        new Stream(
            vertx,
            "events",
            settings,
            List.of("sink"),
            Journal::open,
            directory.resolve("events"),
            Optional.empty(),
            new SimpleMeterRegistry(),
            Clock.systemUTC(),
            failure -> {});
    stream.start().timeout(20, TimeUnit.SECONDS).await();
    server =
        LiveServer.before(vertx, on -> new Inlets(on).open("events"), s -> s.accept = Accept.JSON);
  }

  @AfterEach
  void stopAll() {
    server.stop();
    stream.stop().timeout(20, TimeUnit.SECONDS).await();
  }

  private static JsonObject member(RawSocket client, String name) {
    JsonObject frame = new JsonObject(client.nextText());
    assertThat(frame.fieldNames()).containsExactly(name);
    return frame.getJsonObject(name);
  }

  /** Reads receipts up to a number. */
  private static void acked(RawSocket client, long through) {
    JsonObject ack = member(client, "ack");
    while (ack.getLong("through") < through) {
      ack = member(client, "ack");
    }
    assertThat(ack.getLong("through")).isEqualTo(through);
    assertThat(ack.getLong("credit")).isBetween(65536L, 1L << 20);
  }

  private RawSocket resume(String session) {
    return server
        .connect()
        .openTarget("/v1/live?session=" + session, "Sec-WebSocket-Protocol: sluice.v1");
  }

  @Test
  void receiptsComeInNumbers() {
    try (RawSocket client = server.connect().openNumbered()) {
      JsonObject ready = member(client, "ready");
      assertThat(ready.getString("session")).hasSize(22);
      assertThat(ready.getLong("through")).isZero();
      assertThat(ready.getLong("credit")).isPositive();

      for (int i = 1; i <= 500; i++) {
        client.text("{\"n\":" + i + "}");
      }
      acked(client, 500);
      client.text("501");
      acked(client, 501);
    }
  }

  @Test
  void eventsThatAreNoGoodHaveNumbersToo() {
    try (RawSocket client = server.connect().openNumbered()) {
      member(client, "ready");
      client.text("no").text("2").text("no").text("no").text("5").text("no");
      for (int number : new int[] {1, 3, 4, 6}) {
        JsonObject frame = new JsonObject(client.nextText());
        while (frame.containsKey("ack")) {
          frame = new JsonObject(client.nextText());
        }
        assertThat(frame.getJsonObject("refused").getInteger("number")).isEqualTo(number);
      }
      client.text("7");
      acked(client, 7);
    }
  }

  @Test
  void aSessionGoesOnWhereItWasAfterAReconnect() {
    String session;
    try (RawSocket client = server.connect().openNumbered()) {
      session = member(client, "ready").getString("session");
      client.text("1").text("2").text("3");
      acked(client, 3);
    }
    try (RawSocket client = resume(session)) {
      JsonObject ready = member(client, "ready");
      assertThat(ready.getString("session")).isEqualTo(session);
      assertThat(ready.getLong("through")).isEqualTo(3);
      client.text("4").text("no").text("6");
      while (client.nextText().contains("refused")) {
        // The receipts are what counts.
      }
      await().untilAsserted(() -> assertThat(through(session)).isEqualTo(6));
    }
  }

  private long through(String session) {
    try (RawSocket client = resume(session)) {
      return member(client, "ready").getLong("through");
    }
  }

  @Test
  void whatTwoConnectionsOfASessionBringIsKeptOnce() {
    try (RawSocket first = server.connect().openNumbered()) {
      String session = member(first, "ready").getString("session");
      try (RawSocket second = resume(session)) {
        assertThat(member(second, "ready").getLong("through")).isZero();
        first.text("1").text("2");
        acked(first, 2);
        second.text("1").text("2").text("3");
        acked(second, 3);
      }
      assertThat(through(session)).isEqualTo(3);
    }
  }

  @Test
  void aSessionOfNobodyBeginsWithOne() {
    assertThat(through("AAAAAAAAAAAAAAAAAAAAAA")).isZero();
  }
}

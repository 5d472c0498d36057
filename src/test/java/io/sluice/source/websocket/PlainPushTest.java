package io.sluice.source.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.auth.QuotaConfig;
import io.sluice.event.Batch;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.sluice.source.FakeStream;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Messages without a subprotocol, on their way into the stream. */
class PlainPushTest {
  private static final byte[] NOTHING = {};

  private static void arrived(LiveServer server, String... events) {
    await().untilAsserted(() -> assertThat(server.stream.events()).containsExactly(events));
  }

  @Test
  void eachMessageIsAnEventOfItsType() {
    try (LiveServer server = LiveServer.start(s -> {});
        RawSocket client = server.connect().open()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(RawSocket.frame(0x81, "one".getBytes(UTF_8)));
      all.writeBytes(RawSocket.frame(0x81, "zwö\nlf".getBytes(UTF_8)));
      all.writeBytes(RawSocket.frame(0x82, "bin".getBytes(UTF_8)));
      all.writeBytes(RawSocket.frame(0x01, "fo".getBytes(UTF_8)));
      all.writeBytes(RawSocket.frame(0x89, "ping".getBytes(UTF_8)));
      all.writeBytes(RawSocket.frame(0x00, NOTHING));
      all.writeBytes(RawSocket.frame(0x80, "ur".getBytes(UTF_8)));
      client.send(all.toByteArray());

      arrived(server, "one", "zwö\nlf", "bin", "four");
      assertThat(client.next().text()).isEqualTo("ping");
      assertThat(server.stream.batches())
          .extracting(batch -> batch.origin().contentType())
          .containsExactly("text/plain", "application/octet-stream", "text/plain");
      assertThat(server.stream.batches())
          .extracting(Batch::lines)
          .containsExactly(false, true, true);
      await().untilAsserted(() -> assertThat(server.stream.held()).isZero());
    }
  }

  @Test
  void takesCloudEventsAndCountsWhatIsNone() {
    String event =
        "{\"specversion\":\"1.0\",\"id\":\"%d\",\"source\":\"s\",\"type\":\"t\",\"data\":[%d]}";
    try (LiveServer server = LiveServer.start(s -> s.accept = Accept.CLOUDEVENTS);
        RawSocket client = server.connect().open()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(RawSocket.frame(0x81, event.formatted(1, 1).getBytes(UTF_8)));
      all.writeBytes(RawSocket.frame(0x81, "{\"id\":\"2\"}".getBytes(UTF_8)));
      all.writeBytes(RawSocket.frame(0x81, (event.formatted(3, 3) + "x").getBytes(UTF_8)));
      all.writeBytes(RawSocket.frame(0x81, event.formatted(4, 4).getBytes(UTF_8)));
      client.send(all.toByteArray());

      arrived(server, "[1]", "[4]");
      assertThat(server.stream.batches())
          .flatExtracting(batch -> batch.columns().ids())
          .containsExactly("1", "4");
      await().untilAsserted(() -> assertThat(server.stream.held()).isZero());
    }
  }

  @Test
  void whoeverIsOverQuotaIsReadMoreSlowly() {
    try (LiveServer server =
            LiveServer.start(
                s ->
                    s.quota =
                        Optional.of(
                            new QuotaConfig(
                                Optional.of(10),
                                Optional.empty(),
                                Duration.ofSeconds(1),
                                Optional.empty())));
        RawSocket client = server.connect().open()) {
      long began = System.nanoTime();
      ByteArrayOutputStream flood = new ByteArrayOutputStream();
      for (int i = 0; i < 20; i++) {
        flood.writeBytes(RawSocket.frame(0x81, "many".getBytes(UTF_8)));
      }
      client.send(flood.toByteArray());
      await().until(() -> server.stream.events().size() == 20);
      client.send(RawSocket.frame(0x81, "late".getBytes(UTF_8)));
      await().until(() -> server.stream.events().size() == 21);

      assertThat(System.nanoTime() - began).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(900));
      client.send(RawSocket.frame(0x89, "still there".getBytes(UTF_8)));
      assertThat(client.next().text()).isEqualTo("still there");
    }
  }

  @Test
  void whateverWayItIsCutTheSameEventsCome() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (LiveServer server = LiveServer.start(s -> s.accept = Accept.JSON);
        RawSocket client = server.connect().open()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      String[] events =
          IntStream.range(0, 200)
              .mapToObj(i -> "{\"n\":" + i + ",\"ü\":\"" + "é".repeat(random.nextInt(300)) + "\"}")
              .toArray(String[]::new);
      for (String event : events) {
        byte[] payload = event.getBytes(UTF_8);
        int cut = random.nextInt(payload.length + 1);
        all.writeBytes(RawSocket.frame(0x01, java.util.Arrays.copyOf(payload, cut)));
        all.writeBytes(
            RawSocket.frame(0x80, java.util.Arrays.copyOfRange(payload, cut, payload.length)));
      }
      byte[] bytes = all.toByteArray();
      for (int at = 0; at < bytes.length; ) {
        int to = Math.min(bytes.length, at + 1 + random.nextInt(2000));
        client.send(java.util.Arrays.copyOfRange(bytes, at, to));
        at = to;
      }

      await()
          .untilAsserted(
              () -> assertThat(server.stream.events()).as("seed %d", seed).containsExactly(events));
      assertThat(server.stream.batches()).allMatch(Batch::lines);
      await().untilAsserted(() -> assertThat(server.stream.held()).isZero());
    }
  }

  @Test
  void whatComesTogetherTravelsTogether() {
    try (LiveServer server = LiveServer.start(s -> {});
        RawSocket client = server.connect().open()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int i = 0; i < 100; i++) {
        all.writeBytes(RawSocket.frame(0x81, Integer.toString(i).getBytes(UTF_8)));
      }
      client.send(all.toByteArray());

      await().untilAsserted(() -> assertThat(server.stream.events()).hasSize(100));
      assertThat(server.stream.batches().size()).isLessThan(4);
    }
  }

  @Test
  void linesAreEventsWhereThatIsSet() {
    try (LiveServer server = LiveServer.start(s -> s.split = SplitBy.LINES);
        RawSocket client = server.connect().open()) {
      client.text("a\nb\r\n\nc").text("\n").text("d\n");
      arrived(server, "a", "b", "c", "d");
    }
  }

  @Test
  void eventsThatAreNoGoodAreNamedAndTheConnectionKept() {
    try (LiveServer server = LiveServer.start(s -> s.accept = Accept.JSON);
        RawSocket client = server.connect().open()) {
      client.text("{\"a\":1}").text("{\"a\":").text("[1,\n2]").text("").text("7");

      assertThat(client.nextText())
          .isEqualTo(
              "{\"refused\":{\"number\":2,\"detail\":\"incomplete-json: the value is not"
                  + " complete\"}}");
      assertThat(client.nextText()).startsWith("{\"refused\":{\"number\":4,\"detail\":\"empty: ");
      arrived(server, "{\"a\":1}", "[1, 2]", "7");
      assertThat(server.refused("incomplete-json")).isEqualTo(1);
    }
  }

  @Test
  void tenInARowThatAreNoGoodAreClosedWith1008() {
    try (LiveServer server = LiveServer.start(s -> s.accept = Accept.JSON);
        RawSocket client = server.connect().open()) {
      for (int i = 0; i < 9; i++) {
        client.text("no");
      }
      client.text("1");
      for (int i = 0; i < 10; i++) {
        client.text("no");
      }
      assertThat(client.closed().code()).isEqualTo(1008);
      arrived(server, "1");
    }
  }

  @Test
  void whatIsGoodIsKeptThoughTenBadOnesCameWithIt() {
    try (LiveServer server = LiveServer.start(s -> s.accept = Accept.JSON);
        RawSocket client = server.connect().open()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      List<String> messages = new ArrayList<>(List.of("no", "1"));
      messages.addAll(Collections.nCopies(10, "no"));
      messages.add("2");
      for (String message : messages) {
        all.writeBytes(RawSocket.frame(0x81, message.getBytes(UTF_8)));
      }
      client.send(all.toByteArray());
      assertThat(client.closed().code()).isEqualTo(1008);
      arrived(server, "1");
    }
  }

  @Test
  void binaryWhereOnlyTextIsTakenIsClosedWith1003() {
    try (LiveServer server = LiveServer.start(s -> s.accept = Accept.JSON);
        RawSocket client = server.connect().open()) {
      client.send(RawSocket.frame(0x82, HexFormat.of().parseHex("7b7d")));
      assertThat(client.closed().code()).isEqualTo(1003);
    }
  }

  @Test
  void withoutRoomTheSocketIsNotReadAndNothingIsLost() {
    FakeStream stream = new FakeStream(4 << 10);
    Promise<Receipt> first = Promise.promise();
    stream.answering((batch, ack) -> first.future());
    try (LiveServer server = LiveServer.start(s -> {}, stream);
        RawSocket client = server.connect().open()) {
      String[] events =
          IntStream.range(0, 40).mapToObj(i -> i + "x".repeat(500)).toArray(String[]::new);
      for (String event : events) {
        client.text(event);
      }
      await().until(() -> !stream.batches().isEmpty());
      await().during(200, TimeUnit.MILLISECONDS).until(() -> stream.mostHeld() <= 4 << 10);
      assertThat(stream.events()).hasSizeLessThan(40);

      stream.grant(1 << 20);
      stream.answering(
          (batch, ack) -> Future.succeededFuture(new Receipt.Kept(ack, batch.size(), 0)));
      first.complete(new Receipt.Kept(io.sluice.event.Ack.STORED, 1, 0));
      arrived(server, events);
    }
  }

  @Test
  void withoutRoomForTooLongItIsToldToTryLater() {
    try (LiveServer server =
            LiveServer.start(s -> s.roomWithin = Duration.ofMillis(50), new FakeStream(0));
        RawSocket client = server.connect().open()) {
      RawSocket.Frame closed = client.text("1").closed();
      assertThat(closed.code()).isEqualTo(1013);
      assertThat(closed.reason()).isEqualTo("no-credit");
    }
  }

  @Test
  void whoeverCannotBeToldHowFarTheSessionIsTriesLater() {
    try (LiveServer server = LiveServer.start(s -> {})) {
      server.stream.tellsNothing();
      String session = Session.fresh("live", "me").token();
      try (RawSocket client =
          server
              .connect()
              .openTarget("/v1/live?session=" + session, "Sec-WebSocket-Protocol: sluice.v1")) {
        RawSocket.Frame closed = client.closed();
        assertThat(closed.code()).isEqualTo(1013);
        assertThat(closed.reason()).isEqualTo("session-untold");
      }
      assertThat(server.refused("session-untold")).isOne();
    }
  }

  @Test
  void aStreamThatRefusesClosesWithACodeForEachReason() {
    for (Refusal why :
        List.of(Refusal.DISK_FULL, Refusal.STREAM_FULL, Refusal.JOURNAL_FAILED, Refusal.DRAINING)) {
      FakeStream stream = new FakeStream(1 << 20);
      stream.refusing(why);
      try (LiveServer server = LiveServer.start(s -> {}, stream);
          RawSocket client = server.connect().open()) {
        RawSocket.Frame closed = client.text("1").closed();
        assertThat(closed.code()).isEqualTo(Pushing.code(why).number());
        assertThat(closed.reason()).isEqualTo(why.word());
      }
    }
  }
}

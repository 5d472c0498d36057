package io.sluice.source.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.event.Ack;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.sluice.source.FakeStream;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client hears when its events cannot be taken, and what that costs. */
class RefusalTest {
  @Test
  void answers503WithRetryAfterWhenNoCreditCame() {
    FakeStream dry = new FakeStream(0);
    dry.retryAfter(Duration.ofMillis(2100));
    try (PushServer server = PushServer.start(s -> s.roomWithin = Duration.ofMillis(50), dry);
        RawClient client = server.connect()) {
      RawClient.Answer answer = client.json("{}");

      assertThat(answer.status()).isEqualTo(503);
      assertThat(Integer.parseInt(answer.header("retry-after"))).isBetween(3, 4);
      assertThat(answer.body()).contains("\"code\":\"no-credit\"");
      assertThat(server.refused("no-credit")).isEqualTo(1);

      dry.grant(1000);
      assertThat(client.json("{}").status()).isEqualTo(202);
    }
  }

  @Test
  void takesTheRequestWhenCreditComesWithinTheWait() {
    FakeStream dry = new FakeStream(0);
    try (PushServer server = PushServer.start(s -> {}, dry);
        RawClient client = server.connect()) {
      client.send(RawClient.post("/v1/events", "application/json", "{\"late\":1}"));
      await().until(() -> dry.openInlets() == 2);
      dry.grant(1000);

      assertThat(client.answer().status()).isEqualTo(202);
      assertThat(dry.events()).containsExactly("{\"late\":1}");
    }
  }

  @Test
  void doesNotReadABodyThatThereIsNoRoomFor() {
    FakeStream small = new FakeStream(100_000);
    try (PushServer server = PushServer.start(s -> s.roomWithin = Duration.ofMillis(100), small)) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        RawClient client = server.connect();
        client.send(RawClient.head("Content-Type: text/plain", "Content-Length: 60000"));
        clients.add(client);
        await().until(() -> small.held() > 0);
      }
      int refused = 0;
      for (RawClient client : clients.subList(1, 20)) {
        refused += client.answer().status() == 503 ? 1 : 0;
        client.close();
      }
      RawClient first = clients.get(0).send("x".repeat(60_000));

      assertThat(refused).isEqualTo(19);
      assertThat(first.answer().status()).isEqualTo(202);
      assertThat(small.mostHeld()).isLessThanOrEqualTo(100_000);
      first.close();
      await().until(() -> small.held() == 0);
    }
  }

  @Test
  void growsTheRoomOfAChunkedBodyAndStopsWhenThereIsNoMore() {
    FakeStream small = new FakeStream(50_000);
    try (PushServer server = PushServer.start(s -> s.roomWithin = Duration.ofMillis(50), small);
        RawClient client = server.connect()) {
      client.send(RawClient.head("Content-Type: text/plain", "Transfer-Encoding: chunked"));
      for (int i = 0; i < 20; i++) {
        client.trySend("1000\r\n" + "x".repeat(4096) + "\r\n");
      }

      assertThat(client.answer().status()).isEqualTo(503);
      assertThat(small.held()).isZero();
      assertThat(small.batches()).isEmpty();
    }
  }

  @Test
  void readsOfARefusedBodyNoMoreThanItsShareOfWhatMayBeThrownAway() throws Exception {
    try (PushServer server = PushServer.start(s -> {});
        SocketChannel client =
            SocketChannel.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))) {
      client.setOption(StandardSocketOptions.SO_SNDBUF, 64 << 10);
      client.write(
          US_ASCII.encode(RawClient.head("Content-Type: text/plain", "Content-Length: 900000000")));
      client.configureBlocking(false);
      ByteBuffer megabyte = ByteBuffer.allocate(1 << 20);
      long written = 0;
      boolean open = true;
      long deadline = System.nanoTime() + 10_000_000_000L;
      while (open && System.nanoTime() - deadline < 0) {
        try {
          written += client.write(megabyte.clear());
          Thread.onSpinWait();
        } catch (IOException closed) {
          open = false;
        }
      }

      assertThat(open).isFalse();
      // 8 KiB each 5 ms for a second, and what the sockets' buffers hold.
      assertThat(written).isLessThan(12 << 20);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NO_CREDIT, 503",
    "STREAM_FULL, 503",
    "DISK_FULL, 503",
    "JOURNAL_FAILED, 503",
    "DRAINING, 503",
    "TOO_LARGE, 413",
    "UNKNOWN, 504"
  })
  void answersARefusedReceipt(Refusal why, int status) {
    FakeStream stream = new FakeStream(1 << 20);
    stream.refusing(why);
    try (PushServer server = PushServer.start(s -> {}, stream);
        RawClient client = server.connect()) {
      RawClient.Answer answer = client.json("{}");

      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.body()).contains("\"code\":\"" + why.word() + "\"");
      assertThat(answer.headers().containsKey("retry-after")).isEqualTo(status == 503);
    }
  }

  @Test
  void answers504WhenTheReceiptIsLate() {
    FakeStream stream = new FakeStream(1 << 20);
    stream.answering((batch, ack) -> Promise.<io.sluice.event.Receipt>promise().future());
    try (PushServer server =
            PushServer.start(s -> s.answerWithin = Duration.ofMillis(100), stream);
        RawClient client = server.connect()) {
      RawClient.Answer answer = client.json("{}");

      assertThat(answer.status()).isEqualTo(504);
      assertThat(answer.body()).contains("\"code\":\"receipt-late\"", "may still arrive");
    }
  }

  /** What a slow client needs for its body is no part of the wait for the receipt. */
  @Test
  void aBodyMayTakeLongerThanTheReceipt() {
    FakeStream stream = new FakeStream(1 << 20);
    Promise<Receipt> receipt = Promise.promise();
    stream.answering((batch, ack) -> receipt.future());
    try (PushServer server = PushServer.start(s -> s.answerWithin = Duration.ofSeconds(2), stream);
        RawClient client = server.connect()) {
      client.send(RawClient.head("Content-Type: application/json", "Content-Length: 2") + "{");
      await().pollDelay(Duration.ofMillis(2100)).until(() -> true);
      client.send("}");
      await().until(() -> stream.batches().size() == 1);
      await().pollDelay(Duration.ofMillis(600)).until(() -> true);
      receipt.complete(new Receipt.Kept(Ack.STORED, 1, 0));

      assertThat(client.answer().status()).isEqualTo(202);
    }
  }

  @Test
  void answers500WhenSomethingOfOursFails() {
    FakeStream stream = new FakeStream(1 << 20);
    stream.answering((batch, ack) -> Future.failedFuture(new IllegalStateException("a bug")));
    try (PushServer server = PushServer.start(s -> {}, stream);
        RawClient client = server.connect()) {
      RawClient.Answer answer = client.json("{}");

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).contains("\"code\":\"internal\"").doesNotContain("a bug");
    }
  }

  @Test
  void refusesAStreamedBodyOverTheLimit() {
    try (PushServer server = PushServer.start(s -> s.maxEventBytes = s.maxBodyBytes = 10_000);
        RawClient client = server.connect()) {
      client.send(RawClient.head("Content-Type: text/plain", "Transfer-Encoding: chunked"));
      for (int i = 0; i < 20; i++) {
        client.trySend("1000\r\n" + "x".repeat(4096) + "\r\n");
      }

      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.body()).contains("\"code\":\"body-too-large\"");
      assertThat(client.closes()).isTrue();
      assertThat(server.stream.held()).isZero();
    }
  }

  @Test
  void keepsNothingOfABodyThatEndsEarly() {
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      client.send(
          RawClient.head("Content-Type: application/json", "Content-Length: 100") + "{\"a\"");
      await().until(() -> server.stream.held() > 0);
      client.finish();

      await().until(() -> server.refused("aborted") == 1);
      assertThat(server.stream.held()).isZero();
      assertThat(server.stream.batches()).isEmpty();
    }
  }

  @Test
  void refusesAnEventWithAKeyTwiceWhereThatIsAsked() {
    String twice = "{\"a\":1,\"b\":{\"a\":2},\"\\u0061\":3}";
    try (PushServer strict = PushServer.start(s -> s.duplicateKeys = DuplicateKeys.REFUSE);
        PushServer usual = PushServer.start(s -> {});
        RawClient client = strict.connect();
        RawClient other = usual.connect()) {
      RawClient.Answer answer = client.json(twice);

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("\"code\":\"duplicate-key\"", "\"offset\":19");
      assertThat(client.json("[{\"a\":1},{\"a\":1}]").status()).isEqualTo(202);
      assertThat(client.json("[{}," + twice + "]", "Prefer: handling=lenient").body())
          .contains("\"accepted\":1", "\"code\":\"duplicate-key\"");
      assertThat(other.json(twice).status()).isEqualTo(202);
    }
  }

  @ParameterizedTest
  @EnumSource(io.sluice.event.Ack.class)
  void refusesTheWholeBodyOrNamesEachBadItem(io.sluice.event.Ack ack) {
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      String lines = "{\"a\":1}\n{\"a\":\n[3]\n";
      String type = "application/x-ndjson";
      RawClient.Answer whole = client.send(RawClient.post("/v1/events", type, lines)).answer();
      RawClient.Answer lenient =
          client
              .send(
                  RawClient.post(
                      "/v1/events",
                      type,
                      lines,
                      "Prefer: handling=lenient",
                      "Prefer: ack=" + ack.word()))
              .answer();

      assertThat(whole.status()).isEqualTo(400);
      assertThat(whole.body()).contains("\"errors\":[{\"index\":1,\"line\":2,\"offset\":13,");
      assertThat(lenient.body())
          .contains("\"accepted\":2", "\"rejected\":[{\"index\":1,\"line\":2,");
      assertThat(lenient.header("preference-applied"))
          .isEqualTo("ack=" + ack.word() + ", handling=lenient");
      assertThat(server.stream.events()).containsExactly("{\"a\":1}", "[3]");
    }
  }
}

package io.sluice.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.auth.Auth;
import io.sluice.config.Secret;
import io.sluice.event.Ack;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.sluice.source.FakeStream;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Requests that say who they are, sent more than once. */
class IdempotencyTest {
  private static final String KEY = "Idempotency-Key: \"a-1\"";

  @Test
  void answersARepetitionLikeTheFirstAndKeepsItOnce() {
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect();
        RawClient other = server.connect()) {
      RawClient.Answer first = client.json("[1,2]", KEY);
      RawClient.Answer again = other.json("[1,2]", "idempotency-key: a-1");

      assertThat(again.status()).isEqualTo(first.status()).isEqualTo(202);
      assertThat(again.body()).isEqualTo(first.body());
      assertThat(server.stream.events()).containsExactly("1", "2");
      assertThat(server.stream.held()).isZero();
    }
  }

  @Test
  void knowsALargeBodyAgain() {
    String large = "\"" + "x".repeat(400_000) + "\"";
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      RawClient.Answer first = client.json("[1," + large + "]", KEY);
      RawClient.Answer again = client.json("[1," + large + "]", KEY);

      assertThat(again.status()).isEqualTo(first.status()).isEqualTo(202);
      assertThat(client.json("[2," + large + "]", KEY).status()).isEqualTo(422);
      assertThat(server.stream.events()).hasSize(2);
      assertThat(server.stream.held()).isZero();
    }
  }

  @Test
  void answers422ToAnotherBody() {
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      client.json("1", KEY);

      assertThat(client.json("2", KEY).status()).isEqualTo(422);
      assertThat(
              client.send(RawClient.post("/v1/events", "text/plain", "1", KEY)).answer().status())
          .isEqualTo(422);
      assertThat(server.stream.events()).containsExactly("1");
    }
  }

  @Test
  void answers409WhileTheFirstIsRunning() {
    FakeStream stream = new FakeStream(1 << 20);
    Promise<Receipt> receipt = Promise.promise();
    stream.answering((batch, ack) -> receipt.future());
    try (PushServer server = PushServer.start(s -> {}, stream);
        RawClient client = server.connect();
        RawClient other = server.connect()) {
      client.send(RawClient.post("/v1/events", "application/json", "1", KEY));
      await().until(() -> stream.batches().size() == 1);
      RawClient.Answer early = other.json("1", KEY);

      assertThat(early.status()).isEqualTo(409);
      assertThat(early.body()).contains("\"code\":\"idempotency-key-running\"");

      receipt.complete(new Receipt.Kept(Ack.STORED, 1, 0));
      assertThat(client.answer().status()).isEqualTo(202);
      assertThat(other.json("1", KEY).status()).isEqualTo(202);
      assertThat(stream.batches()).hasSize(1);
    }
  }

  @Test
  void remembersAReceiptThatCameAfterThe504() {
    FakeStream stream = new FakeStream(1 << 20);
    Promise<Receipt> receipt = Promise.promise();
    stream.answering((batch, ack) -> receipt.future());
    try (PushServer server = PushServer.start(s -> s.answerWithin = Duration.ofMillis(50), stream);
        RawClient client = server.connect()) {
      assertThat(client.json("1", KEY).status()).isEqualTo(504);
      assertThat(client.json("1", KEY).status()).isEqualTo(409);

      receipt.complete(new Receipt.Kept(Ack.STORED, 1, 0));
      await().until(() -> client.json("1", KEY).status() == 202);
      assertThat(stream.batches()).hasSize(1);
    }
  }

  @Test
  void takesARequestAgainThatCameToNothing() {
    FakeStream stream = new FakeStream(1 << 20);
    stream.refusing(Refusal.STREAM_FULL);
    try (PushServer server = PushServer.start(s -> {}, stream);
        RawClient client = server.connect()) {
      assertThat(client.json("1", KEY).status()).isEqualTo(503);
      assertThat(client.json("{", KEY).status()).isEqualTo(400);
      stream.answering(
          (batch, ack) ->
              io.vertx.core.Future.succeededFuture(new Receipt.Kept(ack, batch.size(), 0)));

      assertThat(client.json("1", KEY).status()).isEqualTo(202);
    }
  }

  @Test
  void keepsThePrincipalsApart() {
    Auth keys = new Auth.ApiKey(Map.of("a", Secret.parse("ka"), "b", Secret.parse("kb")));
    try (PushServer server = PushServer.start(s -> s.auth = Optional.of(keys));
        RawClient client = server.connect()) {
      assertThat(client.json("1", KEY, "X-Api-Key: ka").status()).isEqualTo(202);
      assertThat(client.json("2", KEY, "X-Api-Key: kb").status()).isEqualTo(202);
    }
  }

  @Test
  void forgetsTheOldestKeysAndThoseThatAreOld() {
    try (PushServer server = PushServer.start(s -> s.maxKeys = 2);
        RawClient client = server.connect()) {
      for (String key : new String[] {"1", "2", "3"}) {
        client.json("1", "Idempotency-Key: " + key);
      }
      assertThat(client.json("2", "Idempotency-Key: 3").status()).isEqualTo(422);
      assertThat(client.json("2", "Idempotency-Key: 1").status()).isEqualTo(202);
    }
    try (PushServer server = PushServer.start(s -> s.keyWindow = Duration.ofMillis(1));
        RawClient client = server.connect()) {
      client.json("1", KEY);
      await().until(() -> client.json("2", KEY).status() == 202);
    }
  }

  @Test
  void answers400WithoutAKeyWhereOneIsNeeded() {
    try (PushServer server = PushServer.start(s -> s.keyRequired = true);
        RawClient client = server.connect()) {
      assertThat(client.json("1").status()).isEqualTo(400);
      assertThat(client.json("1", KEY).status()).isEqualTo(202);
    }
  }
}

package io.sluice.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.auth.Auth;
import io.sluice.auth.QuotaConfig;
import io.sluice.config.ByteSize;
import io.sluice.config.Secret;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What clients hear who send more than they may; from real sockets. */
class OverQuotaTest {
  private static void events(Settings settings, int perSecond, int burst) {
    settings.quota =
        Optional.of(
            new QuotaConfig(
                Optional.of(perSecond),
                Optional.empty(),
                Duration.ofSeconds(burst),
                Optional.empty()));
  }

  private static void bytes(Settings settings, long perSecond) {
    settings.quota =
        Optional.of(
            new QuotaConfig(
                Optional.empty(),
                Optional.of(new ByteSize(perSecond)),
                Duration.ofSeconds(10),
                Optional.empty()));
  }

  @Test
  void answers429WithRetryAfterAndRateLimitFields() {
    try (PushServer server = PushServer.start(s -> events(s, 1, 3));
        RawClient client = server.connect()) {
      RawClient.Answer first = client.json("[1,2,3,4,5]");
      RawClient.Answer refused = client.json("{}");

      assertThat(first.status()).isEqualTo(202);
      assertThat(first.header("ratelimit-policy")).isEqualTo("\"events\";q=3;qu=\"events\";w=3");
      assertThat(first.header("ratelimit")).isEqualTo("\"events\";r=2;t=1");
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.body()).contains("over-quota");
      assertThat(refused.header("retry-after")).isEqualTo("3");
      assertThat(refused.header("ratelimit")).isEqualTo("\"events\";r=0;t=3");
      assertThat(server.refused("over-quota")).isEqualTo(1);
      assertThat(server.stream.events()).hasSize(5);
      await().until(() -> client.json("{}").status() == 202);
    }
  }

  @Test
  void answersBeforeTheBodyIsRead() {
    try (PushServer server = PushServer.start(s -> events(s, 1, 1));
        RawClient client = server.connect()) {
      assertThat(client.json("[1,2,3]").status()).isEqualTo(202);

      client.send(
          RawClient.head(
              "Content-Type: application/json", "Content-Length: 1000000", "Expect: 100-continue"));

      assertThat(client.answer().status()).isEqualTo(429);
    }
  }

  @Test
  void aRefusalIsAsMuchWorkAsTheBodyThatComesUnasked() {
    try (PushServer server = PushServer.start(s -> events(s, 1, 1));
        RawClient client = server.connect();
        RawClient polite = server.connect()) {
      assertThat(client.json("[1,2,3]").status()).isEqualTo(202);

      client.send(RawClient.head("Content-Type: application/json", "Content-Length: 1000000"));
      assertThat(client.answer().status()).isEqualTo(429);
      polite.send(
          RawClient.head(
              "Content-Type: application/json", "Content-Length: 1000000", "Expect: 100-continue"));
      assertThat(polite.answer().status()).isEqualTo(429);

      assertThat(server.stream.begun()).containsExactly(7L, 1_000_000L, 0L);
    }
  }

  @Test
  void thoseWhoLeaveBeforeTheyAreRefusedHoldUpNobody() {
    try (PushServer server = PushServer.start(s -> events(s, 1, 1));
        RawClient client = server.connect()) {
      assertThat(client.json("[1,2,3,4,5,6,7,8,9]").status()).isEqualTo(202);
      server.stream.oneAtATime();

      for (int i = 0; i < 600; i++) {
        try (RawClient leaving = server.connect()) {
          leaving.send(RawClient.head("Content-Type: application/json", "Content-Length: 1000000"));
        }
      }

      await().atMost(Duration.ofSeconds(2)).until(() -> client.json("{}").status() == 429);
    }
  }

  @Test
  void countsTheBytesOfABodyThatSaysItsLengthBeforeTheyCome() {
    try (PushServer server = PushServer.start(s -> bytes(s, 100));
        RawClient slow = server.connect();
        RawClient quick = server.connect()) {
      slow.send(
          RawClient.head(
              "Content-Type: application/json", "Content-Length: 100000", "Expect: 100-continue"));
      assertThat(slow.answer().status()).isEqualTo(100);

      assertThat(quick.json("{}").status()).isEqualTo(429);
      slow.close();
      await().until(() -> quick.json("{}").status() == 202);
    }
  }

  @Test
  void countsTheBytesOfABodyThatDoesNotSayItsLengthAsTheyCome() {
    try (PushServer server = PushServer.start(s -> bytes(s, 10));
        RawClient client = server.connect()) {
      client.send(
          "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n200\r\n"
              + "x".repeat(512)
              + "\r\n0\r\n\r\n");

      assertThat(client.answer().status()).isEqualTo(202);
      assertThat(client.json("{}").status()).isEqualTo(429);
    }
  }

  @Test
  void countsForEachPrincipalAlone() {
    try (PushServer server =
            PushServer.start(
                s -> {
                  events(s, 1, 1);
                  s.auth =
                      Optional.of(
                          new Auth.ApiKey(Map.of("a", Secret.parse("1"), "b", Secret.parse("2"))));
                });
        RawClient client = server.connect()) {
      assertThat(client.json("[1,2]", "X-Api-Key: 1").status()).isEqualTo(202);
      assertThat(client.json("[1,2]", "X-Api-Key: 1").status()).isEqualTo(429);
      assertThat(client.json("[1,2]", "X-Api-Key: 2").status()).isEqualTo(202);
    }
  }

  @Test
  void countsForEachAddressAloneWhereNobodyProvesWhoTheyAre() {
    try (PushServer server = PushServer.start(s -> events(s, 1, 1));
        RawClient one = server.connect();
        RawClient same = server.connect();
        RawClient other = RawClient.from("127.0.0.2", server.port())) {
      assertThat(one.json("[1,2]").status()).isEqualTo(202);
      assertThat(same.json("{}").status()).isEqualTo(429);
      assertThat(other.json("{}").status()).isEqualTo(202);
    }
  }
}

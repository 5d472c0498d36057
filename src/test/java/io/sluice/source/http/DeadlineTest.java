package io.sluice.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Clients that take their time. */
class DeadlineTest {
  @Test
  void closesAConnectionWhoseHeadDripsIn() {
    try (PushServer server = PushServer.start(DeadlineTest::hurried);
        RawClient client = server.connect()) {
      client.send("POST /v1/events HTTP/1.1\r\n");
      AtomicBoolean gone = new AtomicBoolean();

      await()
          .pollInterval(Duration.ofMillis(20))
          .atMost(Duration.ofSeconds(5))
          .until(
              () -> {
                gone.set(gone.get() || !client.trySend("A: b\r\n"));
                return gone.get();
              });
    }
  }

  @Test
  void closesIdleConnections() {
    try (PushServer server = PushServer.start(DeadlineTest::hurried);
        RawClient silent = server.connect();
        RawClient done = server.connect()) {
      done.json("{}");

      assertThat(silent.closes()).isTrue();
      assertThat(done.closes()).isTrue();
    }
  }

  @Test
  void answers408ToABodyThatStops() {
    try (PushServer server = PushServer.start(s -> s.bodyWithin = Duration.ofMillis(150));
        RawClient client = server.connect()) {
      client.send(RawClient.head("Content-Type: application/json", "Content-Length: 100") + "{");
      RawClient.Answer answer = client.answer();

      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(answer.body()).contains("\"code\":\"body-too-slow\"");
      assertThat(client.closes()).isTrue();
      assertThat(server.stream.held()).isZero();
    }
  }

  @Test
  void answers408ToManyBodiesThatDrip() {
    try (PushServer server =
        PushServer.start(
            s -> {
              hurried(s);
              s.minBodyRate = 10_000;
            })) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        RawClient client = server.connect();
        client.send(RawClient.head("Content-Type: text/plain", "Content-Length: 1000"));
        clients.add(client);
      }
      await()
          .pollInterval(Duration.ofMillis(30))
          .until(
              () -> {
                clients.forEach(client -> client.trySend("x"));
                return server.refused("body-too-slow") == 30;
              });
      for (RawClient client : clients) {
        assertThat(client.answer().status()).isEqualTo(408);
        client.close();
      }
      assertThat(server.stream.held()).isZero();
    }
  }

  @Test
  void closesAConnectionOfWhoeverNeverReads() {
    try (PushServer server =
            PushServer.start(
                s -> {
                  s.flushWithin = Duration.ofMillis(200);
                  s.idleTimeout = Duration.ofMillis(800);
                  s.answerWithin = Duration.ofMillis(700);
                });
        RawClient client = server.connect()) {
      // Each is answered with about ten kilobytes, so that the buffers of the kernel fill up soon.
      String many =
          RawClient.post("/v1/events", "application/x-ndjson", "{\n".repeat(100)).repeat(50);

      await().pollInterval(Duration.ofMillis(1)).until(() -> !client.trySend(many));
      assertThat(server.refused("slow-reader")).isPositive();
    }
  }

  @Test
  void refusesConnectionsOverTheirNumber() {
    try (PushServer server = PushServer.start(s -> s.maxConnections = 2);
        RawClient one = server.connect();
        RawClient two = server.connect();
        RawClient three = server.connect()) {
      assertThat(one.json("{}").status()).isEqualTo(202);
      assertThat(two.json("{}").status()).isEqualTo(202);
      RawClient.Answer refused = three.json("{}");

      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.body()).contains("too-many-connections");
      assertThat(three.closes()).isTrue();
      one.close();
      await()
          .until(
              () -> {
                try (RawClient four = server.connect()) {
                  return four.json("{}").status() == 202;
                }
              });
    }
  }

  @Test
  void refusesConnectionsOverTheNumberOfOneAddressAndNoOthers() {
    try (PushServer server = PushServer.start(s -> s.maxConnectionsPerAddress = 1);
        RawClient one = server.connect();
        RawClient two = server.connect();
        RawClient other = RawClient.from("127.0.0.2", server.port())) {
      assertThat(one.json("{}").status()).isEqualTo(202);
      RawClient.Answer refused = two.json("{}");

      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.header("retry-after")).isEqualTo("1");
      assertThat(refused.body()).contains("too-many-connections-per-address");
      assertThat(two.closes()).isTrue();
      assertThat(server.refused("too-many-connections-per-address")).isEqualTo(1);
      assertThat(other.json("{}").status()).isEqualTo(202);
      one.close();
      await()
          .until(
              () -> {
                try (RawClient again = server.connect()) {
                  return again.json("{}").status() == 202;
                }
              });
    }
  }

  private static void hurried(Settings settings) {
    settings.idleTimeout = Duration.ofMillis(300);
    settings.answerWithin = Duration.ofMillis(250);
  }
}

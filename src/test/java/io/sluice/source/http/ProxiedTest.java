package io.sluice.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.net.ProxyProtocol;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Requests through a proxy that says for whom it connects. */
class ProxiedTest {
  private static final String HEADER = "PROXY TCP4 192.0.2.%d 192.0.2.1 56324 443\r\n";

  private static PushServer behind(String trusted) {
    return PushServer.start(
        s -> {
          s.proxyProtocol = Optional.of(new ProxyProtocol(List.of(trusted)));
          s.maxConnectionsPerAddress = 1;
        });
  }

  @Test
  void takesTheClientsAddressFromTheHeader() {
    try (PushServer server = behind("127.0.0.1");
        RawClient one = server.connect();
        RawClient two = server.connect();
        RawClient again = server.connect()) {
      one.send(HEADER.formatted(1));
      assertThat(one.json("1").status()).isEqualTo(202);
      two.send(HEADER.formatted(2));
      assertThat(two.json("2").status()).isEqualTo(202);
      again.send(HEADER.formatted(2));
      assertThat(again.json("3").status()).isEqualTo(429);
    }
  }

  @Test
  void refusesWhoIsNoTrustedProxy() {
    try (PushServer server = behind("192.0.2.0/24");
        RawClient client = server.connect()) {
      client.send(HEADER.formatted(1) + RawClient.post("/v1/events", "application/json", "1"));
      assertThat(client.answer().status()).isEqualTo(403);
      assertThat(client.closes()).isTrue();
      assertThat(server.stream.events()).isEmpty();
      assertThat(server.refused("proxy-untrusted")).isEqualTo(1);
    }
  }

  @Test
  void closesWhereThereIsNoHeader() {
    try (PushServer server = behind("127.0.0.1");
        RawClient client = server.connect()) {
      client.send(
          "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}".repeat(4));
      await().until(() -> server.refused("proxy-header") == 1);
      assertThat(client.closes()).isTrue();
      assertThat(server.stream.events()).isEmpty();
    }
  }
}

package io.sluice.source.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.harness.MaxLog;
import io.sluice.harness.SluiceExtension;
import io.sluice.net.ProxyProtocol;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** Connections through a proxy. */
@ExtendWith(SluiceExtension.class)
@MaxLog(Level.WARN)
class ProxyProtocolTest {
  private static final String V1 = "PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n";
  private static final byte[] V2 =
      HexFormat.of()
          .parseHex("0d0a0d0a000d0a515549540a" + "2111000c" + "c0000207c0000201" + "dc0401bb");

  private static PushServer behind(String... trusted) {
    return PushServer.start(
        s -> {
          s.proxyProtocol = Optional.of(new ProxyProtocol(List.of(trusted)));
          s.receipts = true;
        });
  }

  @Test
  void readsTheHeaderOfVersionOne() {
    try (PushServer server = behind("127.0.0.0/8");
        TcpClient client = server.connect()) {
      assertThat(client.send(V1 + "one\n").line()).isEqualTo("1");
      assertThat(server.stream.events()).containsExactly("one");
    }
  }

  @Test
  void readsTheHeaderOfVersionTwo() {
    try (PushServer server = behind("10.0.0.0/8", "127.0.0.1");
        TcpClient client = server.connect()) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes(V2);
      bytes.writeBytes(new byte[] {'1', '\n'});
      assertThat(client.send(bytes.toByteArray()).line()).isEqualTo("1");
      assertThat(server.stream.events()).containsExactly("1");
    }
  }

  @Test
  void refusesWhoIsNoTrustedProxy() {
    try (PushServer server = behind("192.0.2.0/24", "::1");
        TcpClient client = server.connect()) {
      client.send(V1 + "one\n");
      assertThat(ends(client)).isTrue();
      assertThat(server.refused("proxy-untrusted")).isEqualTo(1);
      assertThat(server.stream.events()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1}\n{\"b\":2}\n", "PROXY junk\r\n", "PROXY TCP4 1.2.3.4\r\n"})
  void closesWhereTheHeaderIsJunk(String bytes) {
    try (PushServer server = behind("127.0.0.1");
        TcpClient client = server.connect()) {
      client.send(bytes.repeat(20));
      assertThat(ends(client)).isTrue();
      assertThat(server.stream.events()).isEmpty();
      await().until(() -> server.refused("proxy-header") == 1);
    }
  }

  @Test
  @Tag("slow")
  void closesWhereTheHeaderDoesNotComeInTime() {
    try (PushServer server = behind("127.0.0.1");
        TcpClient client = server.connect()) {
      client.send("PROXY TCP4 ");
      long begun = System.nanoTime();
      client.patience(Duration.ofSeconds(15));
      assertThat(ends(client)).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(12));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"proxy.example", "10.0.0.0/33", "1.2.3.4/", "/8", "::/129", ""})
  void wantsAddresses(String trusted) {
    assertThatThrownBy(() -> new ProxyProtocol(List.of(trusted)))
        .hasMessageContaining("must be addresses or blocks");
  }

  /** Whether the server closes, in order or not. */
  private static boolean ends(TcpClient client) {
    try {
      return client.rest().isEmpty();
    } catch (java.io.UncheckedIOException reset) {
      return reset.getMessage().contains("reset");
    }
  }
}

package io.sluice.source.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.auth.Auth;
import io.sluice.harness.MaxLog;
import io.sluice.harness.Pki;
import io.sluice.harness.SluiceExtension;
import io.sluice.net.TlsConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/** TCP push over TLS. */
@ExtendWith(SluiceExtension.class)
@MaxLog(Level.WARN)
class TcpTlsTest {
  private static final Pki PKI = new Pki();
  @TempDir private Path directory;

  @BeforeEach
  void writeACertificate() {
    Pki.write(directory, "server", PKI.server());
  }

  private TlsConfig tls(Optional<Path> clientCa, TlsConfig.ClientAuth clientAuth) {
    return new TlsConfig(
        directory.resolve("server.pem"),
        directory.resolve("server.key"),
        List.of(),
        clientCa,
        clientAuth);
  }

  private PushServer fleet() {
    return PushServer.start(
        s -> {
          s.tls =
              Optional.of(tls(Optional.of(PKI.authority(directory)), TlsConfig.ClientAuth.WANTED));
          s.auth = Optional.of(new Auth.Mtls(Map.of("cn:sensor-*", "sensor-*")));
          s.receipts = true;
        });
  }

  @Test
  void takesRecordsOverTls() {
    try (PushServer server =
            PushServer.start(
                s -> {
                  s.tls = Optional.of(tls(Optional.empty(), TlsConfig.ClientAuth.REQUIRED));
                  s.receipts = true;
                });
        TcpClient client = new TcpClient(server.port(), PKI.client())) {
      String lines = "x".repeat(999) + "\n";
      client.send(lines.repeat(500));
      String said = client.line();
      while (!said.equals("500")) {
        assertThat(said).matches("[0-9]+");
        said = client.line();
      }
      assertThat(server.stream.events()).hasSize(500);
    }
  }

  @Test
  void knowsClientsByTheirCertificates() {
    try (PushServer server = fleet();
        TcpClient client = new TcpClient(server.port(), PKI.client(PKI.signed("CN=sensor-7")))) {
      assertThat(client.send("1\n").line()).isEqualTo("1");
      assertThat(server.stream.batches().get(0).origin().principal()).isEqualTo("sensor-7");
    }
  }

  @Test
  void tellsClientsThatAreNotLetIn() {
    try (PushServer server = fleet();
        TcpClient none = new TcpClient(server.port(), PKI.client());
        TcpClient other = new TcpClient(server.port(), PKI.client(PKI.signed("CN=toaster")))) {
      assertThat(none.send("1\n").line()).startsWith("ERR unauthorized ");
      assertThat(other.send("1\n").line()).startsWith("ERR forbidden ");
      assertThat(server.stream.events()).isEmpty();
      assertThat(server.refused("forbidden")).isEqualTo(1);
    }
  }

  @Test
  void takesNoOtherProof() {
    assertThatThrownBy(
            () -> Settings.with(s -> s.auth = Optional.of(new Auth.Mtls(Map.of("cn:a", "a")))))
        .hasMessageContaining("mtls");
  }
}

package io.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.X509Bundle;
import io.sluice.harness.ChildJvm;
import io.sluice.harness.GatewayProcess;
import io.sluice.harness.Pki;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS and credentials of a gateway in a process of its own. */
class GuardedGatewayTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Pki PKI = new Pki();
  private static final String CANARY = "c4n4ry-5ecret";
  private static final String WHSEC =
      "whsec_"
          + Base64.getEncoder().encodeToString((CANARY + CANARY).getBytes(StandardCharsets.UTF_8));
  private static final String CONFIG =
      """
      {"admin": {"listen": "127.0.0.1:{{admin}}"},
       "sources": {
         "keys": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/keys", "to": "events",
                  "auth": {"type": "api-key", "keys": {"app": "CANARY"}},
                  "tls": {"cert": "server.pem", "key": "server.key"}},
         "users": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/users", "to": "events",
                   "auth": {"type": "basic", "users": {"ann": "CANARY"}},
                   "tls": {"cert": "server.pem", "key": "server.key"}},
         "hooks": {"type": "http", "listen": "127.0.0.1:{{http}}", "path": "/hooks", "to": "events",
                   "auth": {"type": "signature", "preset": "standard-webhooks",
                            "secrets": ["WHSEC"]},
                   "tls": {"cert": "server.pem", "key": "server.key"}}},
       "sinks": {"archive": {"type": "discard", "from": "events"}}}
      """
          .replace("CANARY", CANARY)
          .replace("WHSEC", WHSEC);

  @TempDir private Path directory;

  @BeforeEach
  void writeACertificate() {
    Pki.write(directory, "server", PKI.server());
  }

  private GatewayProcess gateway(String config) {
    return GatewayProcess.in(directory, config);
  }

  private String refused(String config) {
    try (GatewayProcess gateway = gateway(config);
        ChildJvm child = gateway.launch()) {
      assertThat(child.exitCode(PATIENCE)).as(child.output()).isEqualTo(78);
      return child.output();
    }
  }

  @Test
  void filesOfTheAdminListenerThatCannotBeUsedEndTheStartWith78AndAreNamed() {
    assertThat(
            refused(
                """
                {"admin": {"listen": "127.0.0.1:{{admin}}",
                           "tls": {"cert": "none.pem", "key": "server.key"}},
                 "sources": {"in": {"type": "http", "listen": "127.0.0.1:{{http}}",
                                    "path": "/", "to": "events"}},
                 "sinks": {"archive": {"type": "discard", "from": "events"}}}
                """))
        .contains("none.pem");
  }

  @Test
  void filesThatCannotBeUsedEndTheStartWith78AndAreNamed() throws IOException {
    Path cert = directory.resolve("server.pem");
    Files.delete(cert);
    assertThat(refused(CONFIG))
        .contains("/sources/keys/tls/cert: server.pem is missing")
        .contains("/sources/hooks/tls/cert");

    Instant hourAgo = Instant.now().minus(Duration.ofHours(1));
    X509Bundle expired = PKI.signed("CN=localhost", builder -> builder.notAfter(hourAgo));
    Pki.write(directory, "server", expired);
    assertThat(refused(CONFIG)).contains("/sources/keys/tls/cert: server.pem has expired at ");

    Files.writeString(cert, PKI.server().getCertificatePathPEM());
    assertThat(refused(CONFIG))
        .contains(
            "/sources/keys/tls/key: server.key is not the key of the certificate in server.pem");

    Files.writeString(directory.resolve("server.key"), CANARY);
    assertThat(refused(CONFIG))
        .contains("/sources/keys/tls/key: server.key has no private key in PEM")
        .doesNotContain(CANARY);
  }

  @Test
  void everyKindOfSourceNamesItsFiles() {
    String config =
        """
        {"admin": {"listen": "127.0.0.1:{{admin}}"},
         "sources": {
           "devices": {"type": "tcp", "listen": "127.0.0.1:{{tcp}}", "framing": "newline",
                       "to": "events", "tls": {"cert": "gone.pem", "key": "server.key"}},
           "live": {"type": "websocket", "listen": "127.0.0.1:{{http}}", "path": "/live",
                    "to": "events",
                    "auth": {"type": "jwt", "jwks": "gone.json", "issuer": "i", "audience": "a"}}},
         "sinks": {"archive": {"type": "discard", "from": "events"}}}
        """;
    assertThat(refused(config))
        .contains("/sources/devices/tls/cert: gone.pem is missing")
        .contains("/sources/live/auth/jwks: gone.json is missing or cannot be read");
  }

  @Test
  void sourcesOnOneAddressHaveToAgreeOnTls() {
    String config =
        CONFIG.replaceFirst(
            ",\\s+\"tls\": \\{\"cert\": \"server.pem\", \"key\": \"server.key\"}", "");
    assertThat(refused(config)).contains("has to agree with it").contains("no tls");
  }

  @Test
  void noSecretShowsAnywhereWhateverComes() throws Exception {
    Files.setPosixFilePermissions(
        directory.resolve("server.key"), PosixFilePermissions.fromString("rw-r--r--"));
    String shown = CANARY + "-shown";
    StringBuilder said = new StringBuilder();
    try (GatewayProcess gateway = gateway(CONFIG).with("--log-level", "trace").start()) {
      HttpClient client = HttpClient.newBuilder().sslContext(PKI.client()).build();
      for (String[] each :
          List.of(
              new String[] {"202", "/keys", "x-api-key", CANARY},
              new String[] {"401", "/keys", "x-api-key", shown},
              new String[] {"401", "/keys", "authorization", "Bearer " + shown},
              new String[] {"202", "/users", "authorization", basic("ann:" + CANARY)},
              new String[] {"401", "/users", "authorization", basic("ann:" + shown)},
              new String[] {"401", "/users", "authorization", basic(CANARY)},
              new String[] {"401", "/hooks", "webhook-signature", "v1," + shown})) {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(
                        URI.create("https://localhost:" + gateway.port("http") + each[1]))
                    .header(each[2], each[3])
                    .header("content-type", "text/plain")
                    .timeout(Duration.ofSeconds(10))
                    .POST(HttpRequest.BodyPublishers.ofString("payload"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(each[1] + each[3]).isEqualTo(Integer.parseInt(each[0]));
        said.append(answer.headers().map()).append(answer.body());
      }
      for (String page : List.of("/metrics", "/api/v1/topology", "/health/ready")) {
        said.append(gateway.get(page));
      }
      assertThat(gateway.stop()).isZero();
      said.append(gateway.output());
    }
    assertThat(said.toString())
        .contains("server.key can be read by every user of this machine")
        .contains("wrong-credentials")
        .doesNotContain(CANARY)
        .doesNotContain(WHSEC)
        .doesNotContain(basic("ann:" + CANARY).substring(6))
        .doesNotContain("PRIVATE KEY");
  }

  private static String basic(String pair) {
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void refusesTls11AndClientsThatShakeHandsAgain() throws Exception {
    try (GatewayProcess gateway = gateway(CONFIG).start()) {
      assertThat(alertTo(gateway.port("http"), helloOfTls11()))
          .as("fatal, protocol_version")
          .containsExactly(2, 70);

      try (SSLSocket socket =
          (SSLSocket)
              PKI.client().getSocketFactory().createSocket("localhost", gateway.port("http"))) {
        socket.setSoTimeout(10_000);
        socket.setEnabledProtocols(new String[] {"TLSv1.2"});
        socket.startHandshake();
        assertThatThrownBy(
                () -> {
                  socket.startHandshake();
                  socket.getInputStream().read();
                })
            .isInstanceOfAny(SSLException.class, SocketException.class);
      }
      assertThat(gateway.status("/health/live")).isEqualTo(200);
    }
  }

  /** A ClientHello of TLS 1.1 with two suites of its time. */
  private static byte[] helloOfTls11() {
    ByteBuffer body = ByteBuffer.allocate(2 + 32 + 1 + 2 + 4 + 2);
    body.putShort((short) 0x0302).put(new byte[32]).put((byte) 0);
    body.putShort((short) 4).putShort((short) 0xC009).putShort((short) 0xC013);
    body.put((byte) 1).put((byte) 0);
    int length = body.capacity();
    ByteBuffer record = ByteBuffer.allocate(9 + length);
    record.put((byte) 22).putShort((short) 0x0301).putShort((short) (4 + length));
    record.put((byte) 1).put((byte) 0).putShort((short) length).put(body.array());
    return record.array();
  }

  private static byte[] alertTo(int port, byte[] hello) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(hello);
      InputStream in = socket.getInputStream();
      byte[] head = in.readNBytes(5);
      assertThat(head[0]).as("an alert").isEqualTo((byte) 21);
      return in.readNBytes(2);
    }
  }
}

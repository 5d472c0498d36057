package io.sluice.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.pkitesting.X509Bundle;
import io.sluice.auth.Auth;
import io.sluice.harness.Pki;
import io.sluice.net.TlsConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** TLS as clients meet it. */
class TlsTest {
  private static final Pki PKI = new Pki();
  private static final Map<String, String> FLEET = new LinkedHashMap<>();

  static {
    FLEET.put("cn:sensor-*", "sensor-*");
    FLEET.put("dns:*.ops.example.com", "ops");
  }

  @TempDir private Path directory;

  @BeforeEach
  void writeACertificate() {
    Pki.write(directory, "server", PKI.server());
  }

  private TlsConfig tls() {
    return new TlsConfig(
        directory.resolve("server.pem"),
        directory.resolve("server.key"),
        List.of(),
        Optional.empty(),
        TlsConfig.ClientAuth.REQUIRED);
  }

  private TlsConfig mutual(TlsConfig.ClientAuth clientAuth) {
    return new TlsConfig(
        tls().cert(), tls().key(), List.of(), Optional.of(PKI.authority(directory)), clientAuth);
  }

  private PushServer server(TlsConfig tls) {
    return PushServer.start(s -> s.tls = Optional.of(tls));
  }

  private PushServer fleet(TlsConfig.ClientAuth clientAuth) {
    return PushServer.start(
        s -> {
          s.tls = Optional.of(mutual(clientAuth));
          s.auth = Optional.of(new Auth.Mtls(FLEET));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void takesEventsOverTls(String protocol) {
    try (PushServer server = server(tls());
        RawClient client =
            new RawClient(
                RawClient.secured(
                    server.port(),
                    PKI.client(),
                    parameters -> parameters.setProtocols(new String[] {protocol})))) {
      assertThat(client.json("{}").status()).isEqualTo(202);
    }
  }

  @Test
  void speaksHttp2WhenTheClientPrefersIt() throws Exception {
    try (PushServer server = server(tls())) {
      assertThat(post(PKI.client(), server).version()).isEqualTo(HttpClient.Version.HTTP_2);
    }
  }

  private static HttpResponse<String> post(SSLContext context, PushServer server)
      throws IOException, InterruptedException {
    return HttpClient.newBuilder()
        .sslContext(context)
        .build()
        .send(
            HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/v1/events"))
                .header("content-type", "application/json")
                .timeout(Duration.ofSeconds(10))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void refusesOldProtocolsAndSuitesWithoutAuthenticatedEncryption() {
    try (PushServer server = server(tls())) {
      for (String suite :
          List.of(
              "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA")) {
        assertThatThrownBy(
                () ->
                    RawClient.secured(
                        server.port(),
                        PKI.client(),
                        parameters -> {
                          parameters.setProtocols(new String[] {"TLSv1.2"});
                          parameters.setCipherSuites(new String[] {suite});
                        }))
            .as(suite)
            .hasRootCauseInstanceOf(SSLHandshakeException.class);
      }
      assertThat(chosen(server, "TLSv1.2")).contains("_GCM_");
      assertThat(chosen(server, "TLSv1.3")).contains("_GCM_");
    }
  }

  private static String chosen(PushServer server, String protocol) {
    try (SSLSocket socket =
        RawClient.secured(
            server.port(),
            PKI.client(),
            parameters -> parameters.setProtocols(new String[] {protocol}))) {
      return socket.getSession().getCipherSuite();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Test
  void showsTheCertificateOfTheNameAClientAsksFor() {
    Pki.write(directory, "other", PKI.server("other.example.com"));
    TlsConfig both =
        new TlsConfig(
            tls().cert(),
            tls().key(),
            List.of(
                new TlsConfig.Certificate(
                    directory.resolve("other.pem"), directory.resolve("other.key"))),
            Optional.empty(),
            TlsConfig.ClientAuth.REQUIRED);
    try (PushServer server = server(both)) {
      assertThat(subject(server, "localhost")).isEqualTo("CN=localhost");
      assertThat(subject(server, "other.example.com")).isEqualTo("CN=other.example.com");
      assertThat(subject(server, "unknown.example.com")).isEqualTo("CN=localhost");
    }
  }

  private static String subject(PushServer server, String name) {
    try (SSLSocket socket =
        RawClient.secured(
            server.port(),
            PKI.client(),
            parameters -> {
              parameters.setEndpointIdentificationAlgorithm("");
              parameters.setServerNames(List.of(new SNIHostName(name)));
            })) {
      return leaf(socket).getSubjectX500Principal().getName();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static X509Certificate leaf(SSLSocket socket) throws IOException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }

  @Test
  void knowsAPrincipalByItsCertificate() {
    X509Bundle sensor = PKI.signed("CN=sensor-17,O=Acme");
    X509Bundle operator = PKI.signed("CN=x", builder -> builder.addSanDnsName("a.ops.example.com"));
    try (PushServer server = fleet(TlsConfig.ClientAuth.REQUIRED);
        RawClient one = new RawClient(server.port(), PKI.client(sensor));
        RawClient other = new RawClient(server.port(), PKI.client(operator))) {
      assertThat(one.json("{}").status()).isEqualTo(202);
      assertThat(other.json("{}").status()).isEqualTo(202);
      assertThat(server.stream.batches())
          .extracting(batch -> batch.origin().principal())
          .containsExactly("sensor-17", "ops");
    }
  }

  @Test
  void answers403ToACertificateThatIsGenuineButNotLetIn() {
    try (PushServer server = fleet(TlsConfig.ClientAuth.REQUIRED);
        RawClient client = new RawClient(server.port(), PKI.client(PKI.signed("CN=stranger")))) {
      RawClient.Answer answer = client.json("{}");
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body()).contains("\"code\":\"forbidden\"");
    }
  }

  @Test
  void turnsAwayWhoHasNoCertificateOrABadOne() {
    Instant hourAgo = Instant.now().minus(Duration.ofHours(1));
    X509Bundle expired = PKI.signed("CN=sensor-1", builder -> builder.notAfter(hourAgo));
    X509Bundle foreign = new Pki("CN=somebody else").signed("CN=sensor-1");
    try (PushServer server = fleet(TlsConfig.ClientAuth.REQUIRED)) {
      for (SSLContext context : List.of(PKI.client(), PKI.client(expired), PKI.client(foreign))) {
        assertThatThrownBy(
            () -> {
              try (RawClient client = new RawClient(server.port(), context)) {
                client.json("{}");
              }
            });
      }
      assertThat(server.stream.batches()).isEmpty();
    }
  }

  @Test
  void answers401WithoutACertificateWhereOneIsOnlyWanted() {
    try (PushServer server = fleet(TlsConfig.ClientAuth.WANTED);
        RawClient client = new RawClient(server.port(), PKI.client())) {
      RawClient.Answer answer = client.json("{}");
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("www-authenticate")).isEqualTo("Certificate realm=\"sluice\"");
    }
  }

  @Test
  void takesUpAReplacedCertificateWithoutClosingAConnection() throws Exception {
    try (PushServer server = server(tls());
        RawClient before = new RawClient(server.port(), PKI.client())) {
      assertThat(before.json("{}").status()).isEqualTo(202);
      X509Bundle renewed =
          PKI.signed(
              "CN=localhost",
              builder ->
                  builder
                      .serial(BigInteger.valueOf(4711))
                      .addSanDnsName("localhost")
                      .addSanIpAddress("127.0.0.1"));
      Pki.write(directory, "server", renewed);

      Awaitility.await()
          .atMost(Duration.ofSeconds(15))
          .untilAsserted(
              () -> {
                try (SSLSocket socket =
                    RawClient.secured(server.port(), PKI.client(), parameters -> {})) {
                  assertThat(leaf(socket).getSerialNumber()).isEqualTo(4711);
                }
              });
      assertThat(before.json("{}").status()).as("on the old connection").isEqualTo(202);
      assertThat(post(PKI.client(), server).version()).isEqualTo(HttpClient.Version.HTTP_2);
    }
  }

  @Test
  void takesUpACertificateOnceItIsValid() {
    try (PushServer server = server(tls())) {
      Pki.write(
          directory,
          "server",
          PKI.signed(
              "CN=localhost",
              builder ->
                  builder
                      .serial(BigInteger.valueOf(4712))
                      .notBefore(Instant.now().plusSeconds(6))
                      .addSanDnsName("localhost")
                      .addSanIpAddress("127.0.0.1")));

      Awaitility.await()
          .atMost(Duration.ofSeconds(25))
          .untilAsserted(
              () -> {
                try (SSLSocket socket =
                    RawClient.secured(server.port(), PKI.client(), parameters -> {})) {
                  assertThat(leaf(socket).getSerialNumber()).isEqualTo(4712);
                }
              });
    }
  }

  @Test
  void keepsTheOldCertificateWhileTheNewOneCannotBeUsed() throws IOException {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    log.start();
    root.addAppender(log);
    try (PushServer server = server(tls())) {
      Files.writeString(tls().key(), "no key");
      Awaitility.await()
          .atMost(Duration.ofSeconds(15))
          .until(
              () ->
                  List.copyOf(log.list).stream()
                      .anyMatch(entry -> entry.getMessage().contains("the old ones stay")));

      assertThat(subject(server, "localhost")).isEqualTo("CN=localhost");
    } finally {
      root.detachAppender(log);
    }
  }

  @Test
  void leavesAlonePlainHttpOnAPortThatSpeaksTls() {
    try (PushServer server = server(tls());
        RawClient client = server.connect()) {
      client.send(RawClient.post("/v1/events", "application/json", "{}"));
      assertThat(client.closes()).isTrue();
      Awaitility.await().until(() -> server.refused("tls-handshake") == 1);
    }
  }

  @Test
  void needsAuthoritiesWhereCertificatesProveWhoIsThere() {
    assertThatThrownBy(
            () ->
                Settings.with(
                    s -> {
                      s.tls = Optional.of(tls());
                      s.auth = Optional.of(new Auth.Mtls(FLEET));
                    }))
        .hasMessageContaining("`clientCa`");
  }
}

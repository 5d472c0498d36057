package io.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.auth.Auth;
import io.sluice.config.BadValueException;
import io.sluice.config.HostPort;
import io.sluice.harness.Pki;
import io.sluice.net.BadTlsException;
import io.sluice.net.TlsConfig;
import io.sluice.telemetry.Meters;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The admin listener over TLS. */
class AdminTlsTest {
  private static final HostPort LOOPBACK = HostPort.parse("127.0.0.1:0");
  private static final Pki PKI = new Pki();

  private final Vertx vertx = Vertx.vertx();
  private final Meters meters = new Meters();

  @TempDir private Path directory;

  @BeforeEach
  void writeACertificate() {
    Pki.write(directory, "server", PKI.server());
  }

  @AfterEach
  void close() {
    vertx.close().await();
    meters.close();
  }

  private TlsConfig tls(Optional<Path> clientCa, TlsConfig.ClientAuth clientAuth) {
    return new TlsConfig(
        directory.resolve("server.pem"),
        directory.resolve("server.key"),
        List.of(),
        clientCa,
        clientAuth);
  }

  private TlsConfig plain() {
    return tls(Optional.empty(), TlsConfig.ClientAuth.REQUIRED);
  }

  private HostPort deploy(Optional<Auth> auth, TlsConfig tls) {
    AdminVerticle admin =
        new AdminVerticle(
            new AdminConfig(LOOPBACK, auth, Optional.of(tls)),
            new AdminVerticleTest.FakeView(),
            meters,
            2);
    vertx.deployVerticle(admin).await();
    return admin.address();
  }

  private static int status(SSLContext context, HostPort admin, String path)
      throws IOException, InterruptedException {
    return HttpClient.newBuilder()
        .sslContext(context)
        .build()
        .send(
            HttpRequest.newBuilder(URI.create("https://localhost:" + admin.port() + path))
                .timeout(Duration.ofSeconds(60))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void answersOverTlsOnly() throws Exception {
    HostPort admin = deploy(Optional.empty(), plain());

    assertThat(status(PKI.client(), admin, "/health/live")).isEqualTo(200);
    assertThat(status(PKI.client(), admin, "/metrics")).isEqualTo(200);
    assertThatThrownBy(
            () ->
                HttpClient.newHttpClient()
                    .send(
                        HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + admin.port() + "/metrics"))
                            .build(),
                        HttpResponse.BodyHandlers.discarding()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void anOperatorProvesWithACertificateWhoTheyAreAndHealthNeedsNone() throws Exception {
    HostPort admin =
        deploy(
            Optional.of(new Auth.Mtls(Map.of("cn:ops-*", "ops"))),
            tls(Optional.of(PKI.authority(directory)), TlsConfig.ClientAuth.WANTED));

    assertThat(status(PKI.client(PKI.signed("CN=ops-1")), admin, "/metrics")).isEqualTo(200);
    assertThat(status(PKI.client(PKI.signed("CN=sensor-1")), admin, "/metrics")).isIn(401, 403);
    assertThat(status(PKI.client(), admin, "/metrics")).isIn(401, 403);
    assertThat(status(PKI.client(), admin, "/health/ready")).isEqualTo(200);
  }

  @Test
  void takesUpACertificateThatIsReplacedOnDisk() throws Exception {
    HostPort admin = deploy(Optional.empty(), plain());
    Pki other = new Pki("CN=another authority");

    assertThatThrownBy(() -> status(other.client(), admin, "/health/live"))
        .isInstanceOf(SSLHandshakeException.class);
    Pki.write(directory, "server", other.server());

    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> status(other.client(), admin, "/health/live") == 200);
  }

  @Test
  void doesNotStartWithFilesThatAreNoCertificate() throws Exception {
    Files.writeString(directory.resolve("server.pem"), "nothing");

    assertThatThrownBy(() -> deploy(Optional.empty(), plain())).isInstanceOf(BadTlsException.class);
  }

  @Test
  void certificatesOfOperatorsNeedAnAuthorityForThem() {
    assertThatThrownBy(
            () ->
                new AdminConfig(
                    LOOPBACK,
                    Optional.of(new Auth.Mtls(Map.of("cn:ops-*", "ops"))),
                    Optional.of(plain())))
        .isInstanceOf(BadValueException.class);
  }
}

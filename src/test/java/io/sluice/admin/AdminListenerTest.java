package io.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.auth.Auth;
import io.sluice.config.HostPort;
import io.sluice.config.Secret;
import io.sluice.control.OperatorDoor;
import io.sluice.control.PlanStep;
import io.sluice.harness.FreePorts;
import io.sluice.harness.Loop;
import io.sluice.harness.Pki;
import io.sluice.net.BadTlsException;
import io.sluice.net.CannotListenException;
import io.sluice.net.TlsConfig;
import io.sluice.telemetry.Meters;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ConnectException;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The admin listener goes over to other settings while it runs. */
class AdminListenerTest {
  private static final Pki PKI = new Pki();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Vertx vertx = Vertx.vertx();
  private final Meters meters = new Meters();
  private final AdminListener listener = new AdminListener(vertx, meters, 2);
  private final HttpClient client =
      HttpClient.newBuilder().sslContext(PKI.client()).connectTimeout(PATIENCE).build();

  @TempDir private Path directory;

  @AfterEach
  void close() {
    Loop.wait(vertx.close());
    meters.close();
  }

  private static AdminConfig open(int port) {
    return new AdminConfig(address(port), Optional.empty(), Optional.empty());
  }

  private static AdminConfig guarded(int port, String key) {
    return new AdminConfig(
        address(port),
        Optional.of(new Auth.ApiKey(Map.of("ops", Secret.parse(key)))),
        Optional.empty());
  }

  private AdminConfig secured(int port, String cert) {
    return new AdminConfig(
        address(port),
        Optional.empty(),
        Optional.of(
            new TlsConfig(
                directory.resolve(cert + ".pem"),
                directory.resolve(cert + ".key"),
                List.of(),
                Optional.empty(),
                TlsConfig.ClientAuth.REQUIRED)));
  }

  private static HostPort address(int port) {
    return HostPort.parse("127.0.0.1:" + port);
  }

  private void start(AdminConfig config) {
    Loop.wait(listener.start(config, new AdminVerticleTest.FakeView()));
  }

  private OperatorDoor.Change prepare(AdminConfig config) {
    return Loop.wait(listener.prepare(config));
  }

  private int status(String scheme, int port, String key) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(scheme + "://localhost:" + port + "/metrics"))
                .timeout(PATIENCE)
                .header("X-API-Key", key)
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void aKeyIsReplacedWithoutClosingItsAddress() throws Exception {
    int port = FreePorts.next();
    start(guarded(port, "first-first-first"));
    assertThat(status("http", port, "first-first-first")).isEqualTo(200);

    OperatorDoor.Change change = prepare(guarded(port, "second-second-second"));
    assertThat(change.step())
        .contains(new PlanStep.Change(PlanStep.Part.ADMIN, "", List.of("auth.keys")));
    assertThat(status("http", port, "second-second-second")).isIn(401, 403);
    change.take();

    await().atMost(PATIENCE).until(() -> status("http", port, "second-second-second") == 200);
    assertThat(status("http", port, "first-first-first")).isIn(401, 403);
  }

  @Test
  void whatIsLetGoChangesNothing() throws Exception {
    int port = FreePorts.next();
    int other = FreePorts.next();
    start(guarded(port, "first-first-first"));

    prepare(guarded(port, "second-second-second")).letGo();
    prepare(open(other)).letGo();

    await().atMost(PATIENCE).until(() -> refuses(other));
    assertThat(status("http", port, "first-first-first")).isEqualTo(200);
    assertThat(prepare(guarded(port, "first-first-first")).step()).isEmpty();
  }

  private boolean refuses(int port) throws Exception {
    try {
      status("http", port, "");
      return false;
    } catch (ConnectException refused) {
      return true;
    } catch (IOException closed) {
      return false;
    }
  }

  @Test
  void anotherAddressIsThereBeforeTheOldOneGoes() throws Exception {
    int port = FreePorts.next();
    int other = FreePorts.next();
    start(open(port));

    OperatorDoor.Change change = prepare(open(other));
    assertThat(change.step())
        .contains(new PlanStep.Replace(PlanStep.Part.ADMIN, "", List.of("listen"), false));
    assertThat(status("http", port, "")).isEqualTo(200);
    assertThat(status("http", other, "")).isEqualTo(200);
    change.take();

    await().atMost(PATIENCE).until(() -> refuses(port));
    assertThat(status("http", other, "")).isEqualTo(200);
    prepare(guarded(other, "first-first-first")).take();
    await().atMost(PATIENCE).until(() -> status("http", other, "first-first-first") == 200);
  }

  @Test
  void anAddressThatIsTakenIsToldAndTheOldOneStays() throws Exception {
    int port = FreePorts.next();
    start(open(port));
    try (var taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> prepare(open(taken.getLocalPort())))
          .isInstanceOf(CannotListenException.class);
    }

    assertThat(status("http", port, "")).isEqualTo(200);
  }

  @Test
  void goesOverToTheCertificateOfOtherFiles() throws Exception {
    int port = FreePorts.next();
    Pki other = new Pki("CN=another authority");
    Pki.write(directory, "first", other.server());
    Pki.write(directory, "second", PKI.server());
    start(secured(port, "first"));
    assertThatThrownBy(() -> status("https", port, "")).isInstanceOf(IOException.class);

    prepare(secured(port, "second")).take();

    await().atMost(PATIENCE).ignoreExceptions().until(() -> status("https", port, "") == 200);
    Files.writeString(directory.resolve("third.pem"), "nothing");
    Files.writeString(directory.resolve("third.key"), "nothing");
    assertThatThrownBy(() -> prepare(secured(port, "third"))).isInstanceOf(BadTlsException.class);
    assertThat(status("https", port, "")).isEqualTo(200);
  }

  @Test
  void tlsOfAnAddressWaitsForTheNextStart() throws Exception {
    int port = FreePorts.next();
    Pki.write(directory, "first", PKI.server());
    start(open(port));

    OperatorDoor.Change change = prepare(secured(port, "first"));
    change.take();

    assertThat(change.step()).isEmpty();
    assertThat(status("http", port, "")).isEqualTo(200);
  }
}

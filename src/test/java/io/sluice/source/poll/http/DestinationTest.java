package io.sluice.source.poll.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.X509Bundle;
import io.sluice.connector.PollException;
import io.sluice.harness.Loop;
import io.sluice.harness.Pki;
import io.sluice.harness.SluiceExtension;
import io.sluice.source.poll.FakeIntake;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a poll may go, and whom it trusts there. */
@ExtendWith(SluiceExtension.class)
class DestinationTest {
  private static final Pki PKI = new Pki();
  private static final String NAMED = "\"url\": \"http://api.example.com:PORT/x\"";
  private static final String PUBLIC_ONLY = NAMED + ", \"allowPrivate\": false";

  @TempDir private Path directory;
  private final FakeIntake intake = FakeIntake.usual();

  @AfterEach
  void undeploy(Vertx vertx) {
    Loop.undeployAll(vertx);
  }

  private HttpPolling polling(Vertx vertx, Resolver resolver, int port, String json) {
    return new HttpPolling(vertx, Clock.systemUTC(), resolver, port, json);
  }

  private PollException failure(Vertx vertx, Resolver resolver, int port, String json) {
    try (HttpPolling orders = polling(vertx, resolver, port, json)) {
      return orders.failure(intake);
    }
  }

  @Test
  void connectsToTheAddressThatWasCheckedWithTheNameInTheRequest(Vertx vertx) {
    Api api = Api.json(vertx, "[1]");
    try (HttpPolling orders = polling(vertx, HttpPolling.always("127.0.0.1"), api.port(), NAMED)) {
      orders.poll(intake);

      assertThat(api.last().header("host")).isEqualTo("api.example.com:" + api.port());
      assertThat(intake.count()).isEqualTo(1);
    }
  }

  @Test
  void addressesThatAreNotPublicNeedToBeAllowed(Vertx vertx) {
    Api api = Api.json(vertx, "[1]");
    assertThat(failure(vertx, HttpPolling.always("127.0.0.1"), api.port(), PUBLIC_ONLY).reason())
        .isEqualTo("private-address");
    assertThat(
            failure(vertx, HttpPolling.always("192.0.78.1", "::1"), api.port(), PUBLIC_ONLY)
                .reason())
        .as("one of several")
        .isEqualTo("private-address");
    assertThat(api.asked()).isEmpty();
  }

  @Test
  void anAddressThatTurnsPrivateIsNotAsked(Vertx vertx) {
    Api api = Api.json(vertx, "[1]");
    AtomicInteger lookUps = new AtomicInteger();
    Resolver rebinding =
        host ->
            HttpPolling.always(lookUps.getAndIncrement() == 0 ? "203.0.114.7" : "127.0.0.1")
                .lookUp(host);
    String json = PUBLIC_ONLY + ", \"connectTimeout\": \"200ms\"";
    try (HttpPolling orders = polling(vertx, rebinding, api.port(), json)) {
      assertThat(orders.reason(intake)).isNotEqualTo("private-address");
      assertThat(orders.reason(intake)).isEqualTo("private-address");
      assertThat(lookUps).hasValue(2);
      assertThat(api.asked()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "fc00::1",
        "fdff::1",
        "ff02::1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2001:10::1",
        "2002:7f00:1::1",
        "2002:a9fe:a9fe::",
        "2a00::5efe:10.0.0.1",
        "2a00::200:5efe:127.0.0.1",
        "3fff::1",
        "5f00::1"
      })
  void isNotPublic(String address) throws UnknownHostException {
    assertThat(Addresses.isPublic(InetAddress.getByName(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.1.1.1",
        "128.0.0.1",
        "169.253.1.1",
        "172.15.1.1",
        "172.32.0.1",
        "192.0.1.1",
        "192.167.1.1",
        "198.17.1.1",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450::1",
        "64:ff9b::101:101",
        "2002:101:101::1",
        "::ffff:1.1.1.1",
        "2a00::5efe:1.1.1.1"
      })
  void isPublic(String address) throws UnknownHostException {
    assertThat(Addresses.isPublic(InetAddress.getByName(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://LOCALHOST:80/"
      })
  void aHostThatIsSeenNotToBePublicIsRefusedInTheConfiguration(String url) {
    assertThat(HttpPolling.problems("\"allowPrivate\": false, \"url\": \"" + url + "\""))
        .singleElement()
        .asString()
        .contains("/sources/orders/url", "names an address that is not public");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://127.0.0.1.nip.example/"
      })
  void addressesInDisguiseAreCheckedAsWhatTheyAre(String url, Vertx vertx) {
    String json = "\"allowPrivate\": false, \"url\": \"" + url + "\"";
    if (HttpPolling.problems(json).isEmpty()) {
      assertThat(failure(vertx, HttpPolling.always("127.0.0.1"), 0, json).reason())
          .isEqualTo("private-address");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://h.example/",
        "file:///etc/passwd",
        "gopher://h.example/",
        "https:///x",
        "https://u:p@h.example/",
        "https://h.example/#f",
        "https://{cursor}.example/",
        "https://h.example:{cursor}/",
        "https://h.example/{page}",
        "h.example/x",
        ""
      })
  void aUrlThatMayNotBeAskedIsRefusedInTheConfiguration(String url) {
    String cursor = url.contains("{cursor}") ? ", \"cursor\": {\"max\": \"/n\"}" : "";
    assertThat(HttpPolling.problems("\"url\": \"" + url + "\"" + cursor))
        .singleElement()
        .asString()
        .contains("/sources/orders/url");
  }

  @Test
  void aNameThatCannotBeLookedUpIsNamed(Vertx vertx) {
    assertThat(
            failure(
                    vertx,
                    host -> Future.failedFuture(new UnknownHostException(host)),
                    80,
                    PUBLIC_ONLY)
                .reason())
        .isEqualTo("dns");
    String quick = PUBLIC_ONLY + ", \"connectTimeout\": \"100ms\"";
    assertThat(failure(vertx, host -> Future.future(never -> {}), 80, quick).reason())
        .isEqualTo("dns");
  }

  @Test
  void aPortThatNobodyListensOnIsNamedAndTheNextAddressIsTried(Vertx vertx) throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    assertThat(failure(vertx, HttpPolling.always("127.0.0.1"), free, NAMED).reason())
        .isEqualTo("connect-refused");

    Api api = Api.json(vertx, "[1]");
    try (HttpPolling orders =
        polling(vertx, HttpPolling.always("127.0.0.2", "127.0.0.1"), api.port(), NAMED)) {
      orders.poll(intake);
      assertThat(intake.count()).isEqualTo(1);
    }
  }

  @Test
  void whoTakesNoConnectionIsNamed(Vertx vertx) throws IOException {
    // One connection in the backlog fills it.
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<java.net.Socket> waiting = new java.util.ArrayList<>();
      try {
        for (int i = 0; i < 3; i++) {
          java.net.Socket socket = new java.net.Socket();
          waiting.add(socket);
          socket.connect(full.getLocalSocketAddress(), 200);
        }
      } catch (java.net.SocketTimeoutException filled) {
        // What is looked for.
      }
      String quick = NAMED + ", \"connectTimeout\": \"300ms\"";
      assertThat(
              failure(vertx, HttpPolling.always("127.0.0.1"), full.getLocalPort(), quick).reason())
          .isEqualTo("connect-timeout");
      for (java.net.Socket socket : waiting) {
        socket.close();
      }
    }
  }

  private static Api secure(Vertx vertx, X509Bundle shown, HttpServerOptions options) {
    options
        .setSsl(true)
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(shown.getCertificatePathPEM()))
                .addKeyValue(Buffer.buffer(shown.getPrivateKeyPEM())));
    return new Api(vertx, options, request -> Api.json(request, "[1]"));
  }

  private String trusting(String more) {
    Path ca = PKI.authority(directory);
    return "\"url\": \"https://api.example.com:PORT/\", \"tls\": {\"ca\": \""
        + ca
        + "\""
        + more
        + "}";
  }

  @Test
  void checksTheCertificateForTheNameAndNotTheAddress(Vertx vertx) {
    X509Bundle right = PKI.signed("CN=any", builder -> builder.addSanDnsName("api.example.com"));
    Api api = secure(vertx, right, new HttpServerOptions());
    try (HttpPolling orders =
        polling(vertx, HttpPolling.always("127.0.0.1"), api.port(), trusting(""))) {
      orders.poll(intake);
      assertThat(intake.count()).isEqualTo(1);
    }
  }

  @Test
  void whatIsWrongWithACertificateIsNamed(Vertx vertx) {
    Resolver here = HttpPolling.always("127.0.0.1");
    Api other = secure(vertx, PKI.server("other.example.com"), new HttpServerOptions());
    assertThat(failure(vertx, here, other.port(), trusting("")).reason()).isEqualTo("tls-host");

    Instant hourAgo = Instant.now().minus(Duration.ofHours(1));
    X509Bundle old =
        PKI.signed("CN=any", builder -> builder.addSanDnsName("api.example.com").notAfter(hourAgo));
    Api expired = secure(vertx, old, new HttpServerOptions());
    assertThat(failure(vertx, here, expired.port(), trusting("")).reason())
        .isEqualTo("tls-expired");

    Api foreign =
        secure(vertx, new Pki("CN=other").server("api.example.com"), new HttpServerOptions());
    assertThat(failure(vertx, here, foreign.port(), trusting("")).reason()).isEqualTo("tls");

    Api plain = Api.json(vertx, "[1]");
    assertThat(failure(vertx, here, plain.port(), trusting("")).reason()).isEqualTo("tls");
    assertThat(List.of(other, expired, foreign, plain)).allMatch(api -> api.asked().isEmpty());
  }

  @Test
  void showsACertificateToWhoAsksForOne(Vertx vertx) {
    Pki.write(directory, "client", PKI.signed("CN=client"));
    X509Bundle server = PKI.signed("CN=any", builder -> builder.addSanDnsName("api.example.com"));
    Path ca = PKI.authority(directory);
    Api api =
        secure(
            vertx,
            server,
            new HttpServerOptions()
                .setClientAuth(ClientAuth.REQUIRED)
                .setTrustOptions(new PemTrustOptions().addCertPath(ca.toString())));
    Resolver here = HttpPolling.always("127.0.0.1");
    String shown =
        ", \"cert\": \""
            + directory.resolve("client.pem")
            + "\", \"key\": \""
            + directory.resolve("client.key")
            + "\"";
    try (HttpPolling orders = polling(vertx, here, api.port(), trusting(shown))) {
      orders.poll(intake);
      assertThat(intake.count()).isEqualTo(1);
    }
    assertThat(failure(vertx, here, api.port(), trusting("")).reason())
        .isIn("tls", "connection-lost");
    assertThat(
            failure(vertx, here, api.port(), trusting(shown.replace("client.pem", "gone.pem")))
                .reason())
        .isEqualTo("tls-files");
  }
}

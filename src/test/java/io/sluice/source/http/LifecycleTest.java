package io.sluice.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.config.HostPort;
import io.sluice.event.Ack;
import io.sluice.event.Receipt;
import io.sluice.harness.FreePorts;
import io.sluice.net.CannotListenException;
import io.sluice.source.FakeStream;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Sources that come and go. */
class LifecycleTest {
  private static final Duration DRAIN = Duration.ofSeconds(5);

  @Test
  void answersWhatWasTakenBeforeItStops() {
    FakeStream stream = new FakeStream(1 << 20);
    Promise<Receipt> receipt = Promise.promise();
    stream.answering((batch, ack) -> receipt.future());
    try (PushServer server = PushServer.start(s -> {}, stream);
        RawClient client = server.connect()) {
      client.send(RawClient.post("/v1/events", "application/json", "1"));
      await().until(() -> stream.batches().size() == 1);
      stream.answering(
          (batch, ack) -> Future.succeededFuture(new Receipt.Kept(ack, batch.size(), 0)));
      int port = server.port();
      Future<Void> stopped = server.source.stop();
      await().untilAsserted(() -> assertRefusedAsDraining(port));
      assertThat(stopped.isComplete()).isFalse();

      receipt.complete(new Receipt.Kept(Ack.STORED, 1, 0));
      assertThat(client.answer().status()).isEqualTo(202);
      settle(stopped);
      assertThat(stream.openInlets()).isZero();
      assertThat(client.closes()).isTrue();
    }
  }

  @Test
  void stopsWhenItsTimeIsOverThoughAReceiptIsMissing() {
    FakeStream stream = new FakeStream(1 << 20);
    stream.answering((batch, ack) -> Promise.<Receipt>promise().future());
    try (PushServer server = PushServer.start(s -> s.path = "/other");
        RawClient client = server.connect()) {
      HttpSource source = source(server, "/v1/events", stream, Duration.ofMillis(100));
      settle(source.start());
      client.send(RawClient.post("/v1/events", "application/json", "1"));
      await().until(() -> stream.batches().size() == 1);

      settle(source.stop());
      assertThat(client.answer().status()).isEqualTo(504);
      assertThat(stream.openInlets()).isZero();
    }
  }

  @Test
  void maySoStopTwiceAndBeforeItsStart() {
    try (PushServer server = PushServer.start(s -> {})) {
      HttpSource never = source(server, "/never", server.stream, DRAIN);
      settle(never.stop());
      settle(server.source.stop());
      settle(server.source.stop());
    }
  }

  @Test
  void sharesAnAddressAndLetsGoOfItWithTheLastRoute() {
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      FakeStream second = new FakeStream(1 << 20);
      HttpSource other = source(server, "/other", second, DRAIN);
      settle(other.start());
      client.send(RawClient.post("/other", "application/json", "1"));
      assertThat(client.answer().status()).isEqualTo(202);
      assertThat(client.json("2").status()).isEqualTo(202);

      settle(server.source.stop());
      assertThat(client.json("2").status()).isEqualTo(404);
      client.send(RawClient.post("/other", "application/json", "3"));
      assertThat(client.answer().status()).isEqualTo(202);
      assertThat(second.events()).containsExactly("1", "3");

      int port = other.address().orElseThrow().port();
      settle(other.stop());
      await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> new RawClient(port).close())
                      .hasRootCauseInstanceOf(java.net.ConnectException.class));
    }
  }

  @Test
  void tellsClientsToComeBackAsLongAsAnotherSourceOfTheAddressIsStopping() {
    try (PushServer server = PushServer.start(s -> {});
        RawClient waiting = server.connect();
        RawClient client = server.connect()) {
      FakeStream second = new FakeStream(1 << 20);
      Promise<Receipt> receipt = Promise.promise();
      second.answering((batch, ack) -> receipt.future());
      HttpSource other = source(server, "/other", second, DRAIN);
      settle(other.start());
      waiting.send(RawClient.post("/other", "application/json", "1"));
      await().until(() -> second.batches().size() == 1);
      assertThat(client.json("2").status()).isEqualTo(202);

      Future<Void> slow = other.stop();
      settle(server.source.stop());

      assertThat(client.json("3").status()).isEqualTo(503);
      receipt.complete(new Receipt.Kept(Ack.STORED, 1, 0));
      assertThat(waiting.answer().status()).isEqualTo(202);
      settle(slow);
    }
  }

  @Test
  void isReplacedWithoutAGap() {
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      client.json("1");
      FakeStream second = new FakeStream(1 << 20);
      HttpSource newer = source(server, "/v1/events", second, DRAIN);
      settle(newer.start());
      client.json("2");
      settle(server.source.stop());
      client.json("3");

      assertThat(server.stream.events()).containsExactly("1");
      assertThat(second.events()).containsExactly("2", "3");
      settle(newer.stop());
    }
  }

  @Test
  void leavesNothingBehindWhenTheAddressIsTaken() throws IOException {
    int port = FreePorts.next();
    String taken = "127.0.0.1:" + port;
    try (PushServer server = PushServer.start(s -> {})) {
      FakeStream stream = new FakeStream(1 << 20);
      HttpSourceConfig config = Settings.with(s -> s.listen = taken);
      HttpSource second =
          new HttpSource(config, server.context("b", stream, DRAIN), server.listeners);

      try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        assertThatThrownBy(() -> settle(second.start()))
            .isInstanceOf(CannotListenException.class)
            .hasMessageContaining(taken);
        assertThat(other.isBound()).isTrue();
      }
      assertThat(stream.openInlets()).isZero();
      settle(second.start());
      settle(second.stop());
    }
  }

  @Test
  void closesWhatWasOpenedWhenOneLoopCannotOpenItsInlet() {
    try (PushServer server = PushServer.start(s -> {})) {
      FakeStream stream = new FakeStream(1 << 20);
      stream.openAtMost(1);
      String free = "127.0.0.1:" + FreePorts.next();
      HttpSourceConfig config = Settings.with(s -> s.listen = free);
      HttpSource source =
          new HttpSource(config, server.context("b", stream, DRAIN), server.listeners);

      assertThatThrownBy(() -> settle(source.start())).hasMessage("no more inlets");
      assertThat(stream.openInlets()).isZero();
      await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> new RawClient(HostPort.parse(free).port()).close())
                      .hasRootCauseInstanceOf(java.net.ConnectException.class));

      stream.openAtMost(2);
      settle(source.start());
      try (RawClient client = new RawClient(HostPort.parse(free).port())) {
        assertThat(client.json("1").status()).isEqualTo(202);
        assertThat(server.connections(free)).isEqualTo(1);
      }
      settle(source.stop());
      assertThat(server.connections(free)).isNaN();
    }
  }

  @Test
  void refusesOtherSettingsOnASharedAddress() {
    try (PushServer server = PushServer.start(s -> {})) {
      HttpSourceConfig other =
          Settings.with(
              s -> {
                s.path = "/b";
                s.maxConnections = 7;
              });
      HttpSource second =
          new HttpSource(other, server.context("b", server.stream, DRAIN), server.listeners);

      assertThatThrownBy(() -> settle(second.start()))
          .hasMessageContaining("with other connection settings");
    }
  }

  private static void assertRefusedAsDraining(int port) {
    try (RawClient late = new RawClient(port)) {
      RawClient.Answer refused = late.json("2");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("connection")).isEqualTo("close");
      assertThat(refused.header("retry-after")).isNotEmpty();
      assertThat(late.closes()).isTrue();
    }
  }

  private static HttpSource source(
      PushServer server, String path, FakeStream stream, Duration drain) {
    HttpSourceConfig config = Settings.with(s -> s.path = path);
    return new HttpSource(config, server.context("b", stream, drain), server.listeners);
  }

  private static void settle(Future<Void> future) {
    future.timeout(10, TimeUnit.SECONDS).await();
  }
}

package io.sluice.source.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.event.Ack;
import io.sluice.event.Receipt;
import io.sluice.source.FakeStream;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Clients that say nothing, or not enough, and sources that stop. */
class DeadlineTest {
  private static final int MOST_WRITES = 5000;

  @Test
  void aSilentClientIsPingedAndThenClosed() {
    try (LiveServer server =
            LiveServer.start(
                s -> {
                  s.pingAfter = Duration.ofMillis(40);
                  s.silentAfter = Duration.ofMillis(300);
                });
        RawSocket client = server.connect().open()) {
      assertThat(client.next().opcode()).isEqualTo(ServerFrame.PING);
      RawSocket.Frame closed = client.closed();
      assertThat(closed.code()).isEqualTo(1008);
      assertThat(closed.reason()).isEqualTo("silent for too long");
      assertThat(client.ends()).isTrue();
      assertThat(server.refused("close-policy")).isEqualTo(1);
    }
  }

  @Test
  void aClientThatAnswersPingsIsKept() {
    try (LiveServer server =
            LiveServer.start(
                s -> {
                  s.idleTimeout = Duration.ofMillis(400);
                  s.pingAfter = Duration.ofMillis(40);
                  s.silentAfter = Duration.ofMillis(300);
                });
        RawSocket client = server.connect().open()) {
      for (int i = 0; i < 15; i++) {
        assertThat(client.next().opcode()).isEqualTo(ServerFrame.PING);
        client.send(RawSocket.frame(0x8A, new byte[0]));
      }
      client.text("still there");
      await().until(() -> server.stream.events().contains("still there"));
    }
  }

  @Test
  void aClientThatIsNotReadForWantOfRoomIsNotTakenForSilent() {
    FakeStream stream = new FakeStream(0);
    try (LiveServer server =
            LiveServer.start(
                s -> {
                  s.idleTimeout = Duration.ofMillis(400);
                  s.pingAfter = Duration.ofMillis(40);
                  s.silentAfter = Duration.ofMillis(200);
                },
                stream);
        RawSocket client = server.connect().open()) {
      client.text("1");
      for (int i = 0; i < 15; i++) {
        assertThat(client.next().opcode()).isEqualTo(ServerFrame.PING);
      }
      stream.grant(1 << 20);
      await().until(() -> stream.events().size() == 1);
    }
  }

  @Test
  void whoeverDoesNotReadWhatIsSentIsNotReadFromAndThenClosed() {
    try (LiveServer server =
            LiveServer.start(
                s -> {
                  s.accept = Accept.JSON;
                  s.flushWithin = Duration.ofMillis(500);
                });
        RawSocket client = server.connect().openNumbered()) {
      Buffer pairs = Buffer.buffer();
      for (int i = 0; i < 500; i++) {
        pairs
            .appendBytes(RawSocket.frame(0x81, "x".getBytes(US_ASCII)))
            .appendBytes(RawSocket.frame(0x81, "1".getBytes(US_ASCII)));
      }
      try {
        // More than the buffers of both ends hold; the answers are longer than the events.
        for (int i = 0; i < MOST_WRITES; i++) {
          client.send(pairs.getBytes());
        }
      } catch (UncheckedIOException closed) {
        // As it has to be.
      }
      await().until(() -> server.connections() == 0);
      assertThat(server.stream.events()).hasSizeLessThan(500 * MOST_WRITES);
      await().until(() -> server.stream.held() == 0);
      assertThat(server.refused("close-try-later")).isEqualTo(1);
    }
  }

  @Test
  void aMessageThatDripsInIsClosed() {
    try (LiveServer server = LiveServer.start(s -> s.messageWithin = Duration.ofMillis(100));
        RawSocket client = server.connect().open()) {
      assertThat(client.send(RawSocket.frame(0x01, new byte[1])).closed().reason())
          .isEqualTo("a message did not arrive in time");
      await().untilAsserted(() -> assertThat(server.stream.held()).isZero());
    }
  }

  @Test
  void aSourceThatStopsWaitsForReceiptsAndSaysHowFarItGot() {
    FakeStream stream = new FakeStream(1 << 20);
    Promise<Receipt> receipt = Promise.promise();
    stream.answering((batch, ack) -> receipt.future());
    try (LiveServer server = LiveServer.start(s -> {}, stream);
        RawSocket plain = server.connect().open();
        RawSocket numbered = server.connect().openNumbered()) {
      numbered.nextText();
      numbered.text("1");
      await().until(() -> stream.batches().size() == 1);
      Thread stopping = new Thread(server::stop);
      stopping.start();
      assertThat(plain.closed().code()).isEqualTo(1012);

      receipt.complete(new Receipt.Kept(Ack.STORED, 1, 0));
      assertThat(numbered.nextText()).startsWith("{\"ack\":{\"through\":1,");
      RawSocket.Frame closed = numbered.closed();
      assertThat(closed.code()).isEqualTo(1012);
      assertThat(closed.reason()).isEqualTo("through 1");
      assertThat(numbered.ends()).isTrue();
      await().until(() -> !stopping.isAlive());
      assertThat(stream.openInlets()).isZero();
    }
  }
}

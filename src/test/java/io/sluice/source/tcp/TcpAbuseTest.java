package io.sluice.source.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.harness.MaxLog;
import io.sluice.harness.SluiceExtension;
import io.sluice.source.FakeStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** What clients do that should not. */
@ExtendWith(SluiceExtension.class)
@MaxLog(Level.WARN)
class TcpAbuseTest {
  private static final String TOO_LONG = "ERR too-long The record is longer than allowed.\n";

  @Test
  void tenMegabytesWithoutALineFeedAreRefusedAtTheLimit() {
    FakeStream stream = new FakeStream(64 << 20);
    try (PushServer server = PushServer.start(s -> {}, stream);
        TcpClient client = server.connect()) {
      byte[] zeros = new byte[10 << 20];
      try {
        client.send(zeros);
      } catch (UncheckedIOException closedMeanwhile) {
        // That it was told why is what counts.
      }
      assertThat(client.line() + "\n").isEqualTo(TOO_LONG);
      assertThat(server.refused("too-long")).isEqualTo(1);
      assertThat(stream.mostHeld()).isLessThan(3 << 20);
      await().untilAsserted(() -> assertThat(stream.held()).isZero());
    }
  }

  @Test
  void whatWasWholeBeforeABadFrameIsKept() {
    try (PushServer server =
            PushServer.start(
                s -> {
                  s.maxEventBytes = 10;
                  s.receipts = true;
                });
        TcpClient client = server.connect()) {
      client.send("one\ntwo\n12345678901\nthree\n");
      assertThat(client.rest()).isEqualTo("2\n" + TOO_LONG);
      assertThat(server.stream.events()).containsExactly("one", "two");
    }
  }

  @Test
  void badFramesArePassedOverWhereWanted() {
    try (PushServer server =
            PushServer.start(
                s -> {
                  s.maxEventBytes = 10;
                  s.accept = Accept.JSON;
                  s.onBadFrame = OnBadFrame.SKIP;
                });
        TcpClient client = server.connect()) {
      client.send("1\nx\n2\n" + "3".repeat(5000)).send("3\n4\n").end();
      assertThat(client.rest()).isEmpty();
      assertThat(server.stream.events()).containsExactly("1", "2", "4");
      assertThat(server.refused("invalid-json")).isEqualTo(1);
      assertThat(server.refused("too-long")).isEqualTo(1);
    }
  }

  @Test
  void aRecordThatComesByDripsIsCutOffAtItsDeadline() {
    try (PushServer server = PushServer.start(s -> s.recordWithin = Duration.ofMillis(400));
        TcpClient client = server.connect()) {
      long begun = System.nanoTime();
      while (server.refused("record-too-slow") == 0 && System.nanoTime() - begun < 5_000_000_000L) {
        client.send("x");
        java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .isBetween(Duration.ofMillis(390), Duration.ofSeconds(2));
      assertThat(client.line()).startsWith("ERR record-too-slow ");
    }
  }

  @Test
  void slowWholeRecordsAreNotCutOff() {
    try (PushServer server = PushServer.start(s -> s.recordWithin = Duration.ofMillis(200));
        TcpClient client = server.connect()) {
      for (int i = 0; i < 10; i++) {
        client.send("x\ny");
        java.util.concurrent.locks.LockSupport.parkNanos(60_000_000);
      }
      assertThat(server.refused("record-too-slow")).isZero();
      await().until(() -> server.stream.events().size() == 10);
    }
  }

  @Test
  void aSilentConnectionIsClosed() {
    try (PushServer server = PushServer.start(s -> s.idleTimeout = Duration.ofMillis(200));
        TcpClient client = server.connect()) {
      assertThat(client.rest()).isEqualTo("ERR idle Nothing came for too long.\n");
      assertThat(server.refused("idle")).isEqualTo(1);
    }
  }

  static Stream<Arguments> badLengths() {
    return Stream.of(
        Arguments.of(4, new byte[] {0, 0, 0, 0}),
        Arguments.of(4, new byte[] {(byte) 0x80, 0, 0, 0}),
        Arguments.of(4, new byte[] {-1, -1, -1, -1}),
        Arguments.of(4, ByteBuffer.allocate(4).putInt((1 << 20) + 1).array()),
        Arguments.of(8, ByteBuffer.allocate(8).putLong(-1).array()),
        Arguments.of(8, ByteBuffer.allocate(8).putLong(Long.MIN_VALUE).array()),
        Arguments.of(1, new byte[] {0}),
        Arguments.of(2, new byte[] {0, 0}));
  }

  @ParameterizedTest
  @MethodSource("badLengths")
  void aBadLengthClosesTheConnectionAndTakesNoRoom(int bytes, byte[] length) {
    FakeStream stream = new FakeStream(64 << 20);
    try (PushServer server =
            PushServer.start(
                s -> {
                  s.framing = FramingKind.LENGTH;
                  s.length = new LengthPrefix(bytes, LengthPrefix.Order.BIG);
                  s.receipts = true;
                },
                stream);
        TcpClient client = server.connect()) {
      client.send(length);
      assertThat(client.rest()).startsWith("ERR bad-length ");
      assertThat(server.refused("bad-length")).isEqualTo(1);
      assertThat(stream.mostHeld()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5 hello<34>1 - no count\n",
        "<34>1 2003-10-11T22:14:15.003Z host app - - - only line feeds\n"
      })
  void framingsOfSyslogThatAreMixedAreFound(String bytes) {
    try (PushServer server = PushServer.start(s -> s.framing = FramingKind.OCTET_COUNTING);
        TcpClient client = server.connect()) {
      client.send(bytes);
      assertThat(client.rest()).startsWith("ERR mixed-framing ");
      assertThat(server.refused("mixed-framing")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 ", "x", "12x", "1234567890 ", "-1 x", "\u0016\u0003\u0001 TLS hello"})
  void whatIsNoCountIsFound(String bytes) {
    try (PushServer server = PushServer.start(s -> s.framing = FramingKind.OCTET_COUNTING);
        TcpClient client = server.connect()) {
      client.send(bytes);
      assertThat(client.rest()).startsWith("ERR bad-length ");
    }
  }

  @ParameterizedTest
  @MethodSource("noText")
  void whatIsNotTextIsRefusedWhereTextIsWanted(byte[] bytes) {
    try (PushServer server = PushServer.start(s -> s.charset = Charset.STRICT);
        TcpClient client = server.connect()) {
      client.send("grüße ✓ 😀 and more than eight bytes\n").send(bytes).send("\n");
      assertThat(client.rest()).startsWith("ERR invalid-text ");
      assertThat(server.stream.events()).hasSize(1);
    }
  }

  static Stream<byte[]> noText() {
    return Stream.of(
        new byte[] {'a', 0, 'b'},
        new byte[] {(byte) 0xC0, (byte) 0xAF},
        new byte[] {'1', '2', '3', '4', '5', '6', '7', '8', '9', (byte) 0xFF},
        new byte[] {(byte) 0xE2, (byte) 0x82});
  }

  @Test
  void connectionsOverTheCapAreClosedAndTheOthersGoOn() {
    try (PushServer server =
        PushServer.start(
            s -> {
              s.maxConnections = 20;
              s.receipts = true;
            })) {
      List<TcpClient> clients = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        clients.add(server.connect());
        assertThat(clients.get(i).send("x\n").line()).isEqualTo("1");
      }
      for (int i = 0; i < 5; i++) {
        try (TcpClient late = server.connect()) {
          assertThat(late.rest()).isEmpty();
        }
      }
      assertThat(server.refused("too-many-connections")).isEqualTo(5);
      clients.forEach(client -> assertThat(client.send("x\n").line()).isEqualTo("2"));
      clients.remove(0).close();
      await()
          .untilAsserted(
              () -> {
                try (TcpClient next = server.connect()) {
                  assertThat(next.send("x\n").line()).isEqualTo("1");
                }
              });
      clients.forEach(TcpClient::close);
    }
  }

  @Test
  void aClientThatLeavesInTheMiddleOfARecordIsCounted() {
    try (PushServer server = PushServer.start(s -> {})) {
      server.connect().send("half a rec").close();
      await().until(() -> server.refused("incomplete") + server.refused("aborted") == 1);
    }
  }
}

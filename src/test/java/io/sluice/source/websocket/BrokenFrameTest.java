package io.sluice.source.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames that may not be, and the code that each is closed with. */
class BrokenFrameTest {
  private static final byte[] NOTHING = {};

  private static LiveServer server;

  /** What is sent once the connection is open. */
  record Row(String name, Buffer buffer, int code) {
    Row(String name, byte[] bytes, int code) {
      this(name, Buffer.buffer(bytes), code);
    }

    byte[] bytes() {
      return buffer.getBytes();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("not masked", bytes(RawSocket.head(0x81, 0, 2), "{}".getBytes(UTF_8)), 1002),
        new Row("opcode 3", RawSocket.frame(0x83, NOTHING), 1002),
        new Row("opcode 11", RawSocket.frame(0x8B, NOTHING), 1002),
        new Row("a reserved bit", RawSocket.frame(0xC1, NOTHING), 1002),
        new Row("a fragmented ping", RawSocket.frame(0x09, NOTHING), 1002),
        new Row("a ping of 126 bytes", RawSocket.frame(0x89, new byte[126]), 1002),
        new Row("a continuation of nothing", RawSocket.frame(0x80, NOTHING), 1002),
        new Row(
            "a text in a text",
            bytes(RawSocket.frame(0x01, NOTHING), RawSocket.frame(0x81, NOTHING)),
            1002),
        new Row("a length in eight bytes", hex("81 FF 0000000000000001"), 1002),
        new Row("a negative length", hex("82 FF 8000000000000000 00000000"), 1002),
        new Row(
            "the greatest length, and what follows",
            hex("82 FF 7FFFFFFFFFFFFFFF 00000000 7B"),
            1009),
        new Row(
            "the least length, and what follows", hex("82 FF FFFFFFFFFFFFFFFF 00000000 7B"), 1002),
        new Row("a close of one byte", RawSocket.frame(0x88, new byte[1]), 1002),
        new Row("a close with 1005", close("03ED"), 1002),
        new Row("a close with 999", close("03E7"), 1002),
        new Row("a close with 5000", close("1388"), 1002),
        new Row("a close reason not UTF-8", close("03E8 FF"), 1007),
        new Row("a close reason cut in a character", close("03E8 C3"), 1007),
        new Row("an overlong character", RawSocket.frame(0x01, hex("C0")), 1007),
        new Row("a surrogate", RawSocket.frame(0x01, hex("EDA0")), 1007),
        new Row("beyond Unicode", RawSocket.frame(0x01, hex("F490")), 1007),
        new Row("a text cut in a character", RawSocket.frame(0x81, hex("41C3")), 1007),
        new Row(
            "a character over two fragments, the second wrong",
            bytes(RawSocket.frame(0x01, hex("CEBA E1")), RawSocket.frame(0x80, hex("41"))),
            1007),
        new Row("a frame too large", RawSocket.head(0x82, 0x80, 1001), 1009),
        new Row("a frame of 2 GiB and more", RawSocket.head(0x82, 0x80, 3L << 30), 1009),
        new Row(
            "a message too large",
            bytes(RawSocket.frame(0x02, new byte[600]), RawSocket.frame(0x80, new byte[401])),
            1009));
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  private static byte[] close(String payload) {
    return RawSocket.frame(0x88, hex(payload));
  }

  private static byte[] bytes(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @BeforeAll
  static void start() {
    server =
        LiveServer.start(
            s -> {
              s.maxEventBytes = 1000;
              s.maxMessageBytes = 1000;
            });
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void areClosedWithTheirCode(Row row) {
    int before = server.stream.batches().size();
    // Padded, so that the frame's head is whole whatever length it says.
    byte[] sent = bytes(row.bytes(), (row.bytes()[1] & 0x7F) > 125 ? new byte[8] : NOTHING);
    try (RawSocket client = server.connect().open()) {
      assertThat(client.send(sent).closed().code()).isEqualTo(row.code());

      client.send(RawSocket.frame(0x88, hex("03E8")));
      assertThat(client.ends()).isTrue();
    }
    assertThat(server.stream.batches()).hasSize(before);
    await().untilAsserted(() -> assertThat(server.stream.held()).isZero());
  }

  @Test
  void areClosedWithTheirCodeThoughTheirBytesComeOneByOne() {
    try (RawSocket client = server.connect().open()) {
      for (byte part : RawSocket.frame(0x81, hex("CEBAE1BDB9CF83CEBCCEB5EDA080656469746564"))) {
        client.send(new byte[] {part});
      }
      assertThat(client.closed().code()).isEqualTo(1007);
    }
  }

  @Test
  void whatCameBeforeABrokenFrameIsKept() {
    try (RawSocket client = server.connect().open()) {
      client.send(bytes(RawSocket.frame(0x81, hex("4142")), RawSocket.frame(0x83, NOTHING)));
      assertThat(client.closed().code()).isEqualTo(1002);
      await().untilAsserted(() -> assertThat(server.stream.events()).contains("AB"));
    }
  }

  @Test
  void whatCameBeforeACloseFrameIsKept() {
    try (RawSocket client = server.connect().open()) {
      client.send(
          bytes(
              RawSocket.frame(0x81, "first".getBytes(UTF_8)),
              RawSocket.frame(0x81, "second".getBytes(UTF_8)),
              close("03E8")));
      assertThat(client.closed().code()).isEqualTo(1000);
      await().untilAsserted(() -> assertThat(server.stream.events()).contains("first", "second"));
    }
  }

  @Test
  void aBrokenCloseFrameEndsTheConnectionAtOnce() {
    try (RawSocket client = server.connect().open()) {
      long sent = System.nanoTime();
      assertThat(client.send(close("03E7")).closed().code()).isEqualTo(1002);
      assertThat(client.ends()).isTrue();
      assertThat(System.nanoTime() - sent).isLessThan(900_000_000L);
    }
  }

  @Test
  void moreFragmentsThanAThousandAreClosedWith1008() {
    try (RawSocket client = server.connect().open()) {
      ByteArrayOutputStream flood = new ByteArrayOutputStream();
      flood.writeBytes(RawSocket.frame(0x01, NOTHING));
      for (int i = 0; i < WebSocketEndpoint.MAX_FRAGMENTS; i++) {
        flood.writeBytes(RawSocket.frame(0x00, NOTHING));
      }
      assertThat(client.send(flood.toByteArray()).closed().code()).isEqualTo(1008);
    }
  }

  @Test
  void moreThanTenPingsInASecondAreClosedWith1008() {
    try (RawSocket client = server.connect().open()) {
      for (int i = 0; i <= Connection.MAX_PINGS; i++) {
        client.send(RawSocket.frame(0x89, new byte[] {(byte) i}));
      }
      for (int i = 0; i < Connection.MAX_PINGS; i++) {
        RawSocket.Frame pong = client.next();
        assertThat(pong.opcode()).isEqualTo(ServerFrame.PONG);
        assertThat(pong.payload()).containsExactly(i);
      }
      assertThat(client.closed().code()).isEqualTo(1008);
    }
  }

  @Test
  void aCloseIsAnsweredWithItsCodeAndTheConnectionEnds() {
    try (RawSocket client = server.connect().open()) {
      assertThat(client.send(close("0BB8 6279 65")).closed().code()).isEqualTo(3000);
      assertThat(client.ends()).isTrue();
    }
    try (RawSocket client = server.connect().open()) {
      assertThat(client.send(RawSocket.frame(0x88, NOTHING)).closed().payload()).isEmpty();
      assertThat(client.ends()).isTrue();
    }
    await().untilAsserted(() -> assertThat(server.connections()).isZero());
  }

  @Test
  void aConnectionThatBreaksIsCountedAndLeavesNothing() {
    double before = server.refused("aborted");
    try (RawSocket client = server.connect().open()) {
      client.send(RawSocket.frame(0x01, new byte[100]));
      await().until(() -> server.stream.held() > 0);
    }
    await().untilAsserted(() -> assertThat(server.refused("aborted")).isEqualTo(before + 1));
    await().untilAsserted(() -> assertThat(server.stream.held()).isZero());
    await().untilAsserted(() -> assertThat(server.connections()).isZero());
  }
}

package io.sluice.source.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.MaxLog;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

/** HTTP/2 frame by frame (RFC 9113): floods, and messages that may not be. */
@MaxLog(Level.WARN)
class Http2FramesTest {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;
  private static final int CONTINUATION = 9;
  private static final int END_STREAM = 1;
  private static final int ACK = 1;
  private static final int END_HEADERS = 4;
  private static final int PROTOCOL_ERROR = 1;
  private static final int CANCEL = 8;
  private static final int ENHANCE_YOUR_CALM = 11;
  private static final byte[] NOTHING = {};
  private static final byte[] BODY = {'{', '}'};

  /** A reset of a stream, or a farewell. */
  private record Verdict(int frame, int code) {}

  private static final Verdict FLOODED = new Verdict(GOAWAY, ENHANCE_YOUR_CALM);

  /** A client that sends any frames. */
  private static final class Client implements AutoCloseable {
    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;

    Client(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(10_000);
      out = socket.getOutputStream();
      in = new DataInputStream(socket.getInputStream());
      out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
      send(SETTINGS, 0, 0, NOTHING);
      send(SETTINGS, ACK, 0, NOTHING);
    }

    /** Sends a frame; nothing when the server has closed. */
    Client send(int type, int flags, int stream, byte[] payload) {
      ByteArrayOutputStream frame = new ByteArrayOutputStream();
      for (int shift = 16; shift >= 0; shift -= 8) {
        frame.write(payload.length >>> shift);
      }
      frame.write(type);
      frame.write(flags);
      frame.writeBytes(number(stream));
      frame.writeBytes(payload);
      try {
        out.write(frame.toByteArray());
      } catch (IOException closed) {
        // What it said before is still to be read.
      }
      return this;
    }

    /** Reads until {@code enough} of them have come, or to the end. */
    List<Verdict> verdicts(int enough) throws IOException {
      List<Verdict> verdicts = new ArrayList<>();
      try {
        while (verdicts.size() < enough) {
          int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
          int type = in.readUnsignedByte();
          in.readUnsignedByte();
          in.readInt();
          byte[] payload = in.readNBytes(length);
          if (type == RST_STREAM || type == GOAWAY) {
            verdicts.add(new Verdict(type, payload[type == GOAWAY ? 7 : 3]));
          }
        }
      } catch (EOFException | SocketException ended) {
        // That was all.
      }
      return verdicts;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static byte[] number(int value) {
    return new byte[] {
      (byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value
    };
  }

  /** A header list in HPACK (RFC 7541) without tables. */
  private static final class Head {
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();

    /** A POST of JSON, as it has to be. */
    static Head post() {
      return new Head()
          .with(":method", "POST")
          .with(":scheme", "http")
          .with(":authority", "x")
          .with(":path", "/v1/events")
          .with("content-type", "application/json");
    }

    Head with(String name, String value) {
      block.write(0);
      string(name);
      string(value);
      return this;
    }

    private void string(String text) {
      assertThat(text.length()).isLessThan(127);
      block.write(text.length());
      block.writeBytes(text.getBytes(US_ASCII));
    }

    byte[] bytes() {
      return block.toByteArray();
    }
  }

  private static List<Verdict> flood(Consumer<Client> sent) throws IOException {
    try (PushServer server = PushServer.start(s -> {});
        Client client = new Client(server.port())) {
      sent.accept(client);
      return client.verdicts(Integer.MAX_VALUE);
    }
  }

  static List<byte[]> heads() {
    return List.of(
        new Head().with(":method", "POST").with(":scheme", "http").with("a", "b").bytes(),
        Head.post().with(":method", "GET").bytes(),
        Head.post().with("X-Upper", "1").bytes(),
        Head.post().with("connection", "close").bytes(),
        Head.post().with("te", "gzip").bytes());
  }

  @ParameterizedTest
  @MethodSource("heads")
  void resetsStreamsWhoseHeadMayNotBe(byte[] head) throws IOException {
    try (PushServer server = PushServer.start(s -> {});
        Client client = new Client(server.port())) {
      client.send(HEADERS, END_HEADERS, 1, head).send(DATA, END_STREAM, 1, BODY);

      assertThat(client.verdicts(1)).containsExactly(new Verdict(RST_STREAM, PROTOCOL_ERROR));
      assertThat(server.stream.batches()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "3"})
  void takesNothingOfABodyThatHasAnotherLengthThanItSays(String length) throws IOException {
    try (PushServer server = PushServer.start(s -> {});
        Client client = new Client(server.port())) {
      client
          .send(HEADERS, END_HEADERS, 1, Head.post().with("content-length", length).bytes())
          .send(DATA, END_STREAM, 1, BODY);

      assertThat(client.verdicts(1)).containsExactly(new Verdict(RST_STREAM, PROTOCOL_ERROR));
      assertThat(server.refused("body-malformed")).isEqualTo(1);
      assertThat(server.stream.batches()).isEmpty();
    }
  }

  @Test
  void endsAFloodOfRequestsThatAreCancelled() throws IOException {
    assertThat(
            flood(
                client -> {
                  for (int stream = 1; stream < 4000; stream += 2) {
                    client
                        .send(HEADERS, END_HEADERS, stream, Head.post().bytes())
                        .send(RST_STREAM, 0, stream, number(CANCEL));
                  }
                }))
        .contains(FLOODED);
  }

  @Test
  void endsAFloodOfContinuations() throws IOException {
    byte[] more = new Head().with("more", "x".repeat(100)).bytes();
    assertThat(
            flood(
                client -> {
                  client.send(HEADERS, 0, 1, Head.post().bytes());
                  for (int i = 0; i < 2000; i++) {
                    client.send(CONTINUATION, 0, 1, more);
                  }
                }))
        .contains(FLOODED);
  }

  @Test
  void endsAFloodOfDataThatIsNone() throws IOException {
    assertThat(
            flood(
                client -> {
                  client.send(HEADERS, END_HEADERS, 1, Head.post().bytes());
                  for (int i = 0; i < 2000; i++) {
                    client.send(DATA, 0, 1, NOTHING);
                  }
                }))
        .contains(FLOODED);
  }

  @Test
  void endsAConnectionWhoseHeadIsTooLong() throws IOException {
    Head head = Head.post();
    for (int i = 0; i < 120; i++) {
      head.with("more", "x".repeat(100));
    }
    try (PushServer server = PushServer.start(s -> {});
        Client client = new Client(server.port())) {
      client.send(HEADERS, END_HEADERS, 1, head.bytes()).send(DATA, END_STREAM, 1, BODY);

      assertThat(client.verdicts(1)).containsExactly(new Verdict(GOAWAY, PROTOCOL_ERROR));
      assertThat(server.stream.batches()).isEmpty();
    }
  }
}

package io.sluice.source.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client that sends any frames, however wrong. Used by one thread. */
final class RawSocket implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final byte[] MASK = {0x12, (byte) 0xA4, 0x7F, (byte) 0xC3};

  private final Socket socket = new Socket();
  private final DataInputStream in;

  /** The answer to a handshake; header names in lower case. */
  record Answer(int status, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /** A frame from the server. */
  static final class Frame {
    private final int opcode;
    private final byte[] payload;

    Frame(int opcode, byte[] payload) {
      this.opcode = opcode;
      this.payload = payload;
    }

    int opcode() {
      return opcode;
    }

    byte[] payload() {
      return payload;
    }

    String text() {
      return new String(payload, UTF_8);
    }

    int code() {
      return Frames.closeNumber(payload);
    }

    String reason() {
      return new String(payload, 2, payload.length - 2, UTF_8);
    }
  }

  RawSocket(int port) {
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
      in = new DataInputStream(socket.getInputStream());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  static String handshake(String target, String... headers) {
    StringBuilder head = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: x\r\n");
    head.append("Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n");
    head.append("Sec-WebSocket-Version: 13\r\n");
    head.append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  /** Opens the usual path, which has to succeed. */
  RawSocket open(String... headers) {
    return openTarget("/v1/live", headers);
  }

  RawSocket openTarget(String target, String... headers) {
    Answer answer = send(handshake(target, headers).getBytes(ISO_8859_1)).answer();
    if (answer.status() != 101) {
      throw new AssertionError(answer);
    }
    return this;
  }

  /** Opens the usual path with receipts. */
  RawSocket openNumbered() {
    return open("Sec-WebSocket-Protocol: sluice.v1");
  }

  RawSocket send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return this;
  }

  RawSocket text(String text) {
    return send(frame(0x81, text.getBytes(UTF_8)));
  }

  /** A frame as a client sends it: its first byte, then everything else as it has to be. */
  static byte[] frame(int first, byte[] payload) {
    byte[] masked = payload.clone();
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= MASK[i & 3];
    }
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(head(first, 0x80, payload.length));
    frame.writeBytes(MASK);
    frame.writeBytes(masked);
    return frame.toByteArray();
  }

  /** The head of a frame without mask. */
  static byte[] head(int first, int maskBit, long length) {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.write(first);
    if (length < 126) {
      head.write((int) (maskBit | length));
    } else {
      int bytes = length < 1 << 16 ? 2 : 8;
      head.write(maskBit | (bytes == 2 ? 126 : 127));
      for (int shift = 8 * bytes - 8; shift >= 0; shift -= 8) {
        head.write((int) (length >>> shift));
      }
    }
    return head.toByteArray();
  }

  Answer answer() {
    try {
      String[] status = line().split(" ", 3);
      Map<String, String> headers = new LinkedHashMap<>();
      for (String line = line(); !line.isEmpty(); line = line()) {
        int colon = line.indexOf(':');
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
      return new Answer(
          Integer.parseInt(status[1]), headers, new String(in.readNBytes(length), UTF_8));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(ISO_8859_1);
  }

  /** Reads the next frame. */
  Frame next() {
    try {
      int opcode = in.readUnsignedByte() & 0x0F;
      int size = in.readUnsignedByte();
      if (size == 126) {
        size = in.readUnsignedShort();
      } else if (size == 127) {
        size = Math.toIntExact(in.readLong());
      }
      return new Frame(opcode, in.readNBytes(size));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Reads the next frame, a text. */
  String nextText() {
    Frame frame = next();
    if (frame.opcode() != ServerFrame.TEXT) {
      throw new AssertionError("no text: " + frame.opcode() + " " + frame.code());
    }
    return frame.text();
  }

  /** Reads up to the close frame. */
  Frame closed() {
    Frame frame = next();
    while (frame.opcode() != ServerFrame.CLOSE) {
      frame = next();
    }
    return frame;
  }

  /** Whether the other side closes, however it does, before patience runs out. */
  boolean ends() {
    try {
      while (true) {
        in.readByte();
      }
    } catch (SocketTimeoutException open) {
      return false;
    } catch (EOFException | SocketException ended) {
      return true;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}

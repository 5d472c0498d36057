package io.sluice.source.websocket;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Frames as a server sends them: whole and not masked (RFC 6455 section 5.2). */
final class ServerFrame {
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int FINAL = 0x80;
  private static final int MAX_REASON = 123;

  private ServerFrame() {}

  static Buffer of(int opcode, byte[] payload) {
    int length = payload.length;
    Buffer frame = Buffer.buffer(10 + length).appendByte((byte) (FINAL | opcode));
    if (length < 126) {
      frame.appendByte((byte) length);
    } else if (length < 1 << 16) {
      frame.appendByte((byte) 126).appendUnsignedShort(length);
    } else {
      frame.appendByte((byte) 127).appendLong(length);
    }
    return frame.appendBytes(payload);
  }

  static Buffer text(String text) {
    return of(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A close frame.
   *
   * @param number the close code, or 0 for none
   * @param reason ASCII; cut to what a control frame holds
   */
  static Buffer close(int number, String reason) {
    if (number == 0) {
      return of(CLOSE, new byte[0]);
    }
    byte[] text = reason.getBytes(StandardCharsets.US_ASCII);
    int length = Math.min(text.length, MAX_REASON);
    return of(
        CLOSE, Buffer.buffer().appendUnsignedShort(number).appendBytes(text, 0, length).getBytes());
  }
}

package io.sluice.cli.load;

import java.nio.ByteBuffer;

/** Frames as a client sends them: whole and masked (RFC 6455 sections 5.2 and 5.3). */
final class ClientFrame {
  static final int TEXT = 1;
  static final int PONG = 10;

  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;

  private ClientFrame() {}

  /**
   * @param mask four bytes
   */
  static byte[] of(int opcode, byte[] mask, byte[] payload) {
    int length = payload.length;
    ByteBuffer frame = ByteBuffer.allocate(14 + length).put((byte) (FINAL | opcode));
    if (length < 126) {
      frame.put((byte) (MASKED | length));
    } else if (length < 1 << 16) {
      frame.put((byte) (MASKED | 126)).putShort((short) length);
    } else {
      frame.put((byte) (MASKED | 127)).putLong(length);
    }
    frame.put(mask);
    for (int i = 0; i < length; i++) {
      frame.put((byte) (payload[i] ^ mask[i & 3]));
    }
    byte[] bytes = new byte[frame.flip().remaining()];
    frame.get(bytes);
    return bytes;
  }
}

package io.sluice.source.websocket;

import io.sluice.codec.Utf8Stream;
import io.vertx.core.buffer.Buffer;

/**
 * Reads the frames of one client (RFC 6455 section 5) as their bytes come, and puts what messages
 * hold into an {@link Inbox}; so nothing but the bytes of messages is ever collected.
 *
 * <p>After the first fault it goes on reading to find the client's close frame, and minds nothing
 * else. Confined to the connection's loop.
 */
final class Frames {
  private static final int MAX_CONTROL = 125;
  private static final int CONTINUATION = 0;
  private static final byte[] NOTHING = {};

  private final Limits limits;
  private final Inbox inbox;
  private final Control control;

  /** The frame's head: at most two bytes, eight of length, four of mask. */
  private final byte[] head = new byte[14];

  private int headSize;
  private int headNeeded = 2;
  private int opcode;
  private int mask;
  private long length;
  private long left;
  private byte[] payload = NOTHING;
  private int fragments;
  private boolean skipping;

  /**
   * What messages may be.
   *
   * @param maxBytes bytes of one in all
   * @param maxFragments frames of one
   * @param binary whether they may be binary
   */
  record Limits(int maxBytes, int maxFragments, boolean binary) {}

  /** What frames beside those of messages mean. */
  interface Control {
    void pinged(byte[] payload);

    void ponged();

    /** The client closes. The payload is in order, unless there was a fault before. */
    void closing(byte[] payload);

    /** The client did what it may not. Messages before that are in the inbox still. */
    void violated(CloseCode code, String why);
  }

  Frames(Limits limits, Inbox inbox, Control control) {
    this.limits = limits;
    this.inbox = inbox;
    this.control = control;
  }

  /** From now on only the client's close frame matters. */
  void skip() {
    skipping = true;
    inbox.clear();
  }

  /** Reads on. */
  void feed(Buffer in) {
    int at = 0;
    int to = in.length();
    while (at < to) {
      if (headSize < headNeeded) {
        head[headSize++] = in.getByte(at++);
        if (headSize == headNeeded) {
          headRead();
        }
      } else {
        int end = at + (int) Math.min(left, to - at);
        body(in, at, end);
        left -= end - at;
        at = end;
        if (left == 0) {
          frameRead();
        }
      }
    }
  }

  private void headRead() {
    int size = head[1] & 0x7F;
    if (headSize == 2) {
      headNeeded += (size == 126 ? 2 : size == 127 ? 8 : 0) + (masked() ? 4 : 0);
      if (headNeeded > 2) {
        return;
      }
    }
    int extended = size == 126 ? 2 : size == 127 ? 8 : 0;
    length = extended == 0 ? size : number(2, extended);
    mask = masked() ? (int) number(2 + extended, 4) : 0;
    opcode = head[0] & 0x0F;
    left = length & Long.MAX_VALUE;
    if (!skipping) {
      begin(size);
    }
    if (isControl()) {
      payload = left > 0 && left <= MAX_CONTROL ? new byte[(int) left] : NOTHING;
    }
    if (left == 0) {
      frameRead();
    }
  }

  private long number(int from, int bytes) {
    long number = 0;
    for (int i = from; i < from + bytes; i++) {
      number = number << 8 | (head[i] & 0xFF);
    }
    return number;
  }

  private boolean masked() {
    return head[1] < 0;
  }

  private boolean isFinal() {
    return head[0] < 0;
  }

  private boolean isControl() {
    return opcode >= ServerFrame.CLOSE;
  }

  private void begin(int size) {
    boolean known = opcode <= ServerFrame.BINARY || (isControl() && opcode <= ServerFrame.PONG);
    if ((head[0] & 0x70) != 0) {
      violated("a reserved bit is set");
    } else if (!known) {
      violated("no such opcode");
    } else if (!masked()) {
      violated("a frame is not masked");
    } else if ((size == 126 && length < 126) || (size == 127 && length < 1 << 16 && length >= 0)) {
      violated("a length is not in its shortest form");
    } else if (length < 0) {
      violated("a length is negative");
    } else if (isControl()) {
      if (!isFinal() || length > MAX_CONTROL) {
        violated("a control frame is fragmented or too long");
      }
    } else {
      beginData();
    }
  }

  private void beginData() {
    if ((opcode == CONTINUATION) != inbox.isComing()) {
      violated(
          opcode == CONTINUATION ? "nothing is to be continued" : "a message is not continued");
    } else if (opcode == ServerFrame.BINARY && !limits.binary()) {
      fail(CloseCode.UNSUPPORTED_DATA, "only text is taken here");
    } else if (length > limits.maxBytes() - inbox.comingBytes()) {
      fail(CloseCode.TOO_BIG, "a message has more than " + limits.maxBytes() + " bytes");
    } else if (opcode != CONTINUATION) {
      fragments = 1;
      inbox.begin(opcode == ServerFrame.TEXT);
    } else if (++fragments > limits.maxFragments()) {
      fail(CloseCode.POLICY, "a message has more than " + limits.maxFragments() + " fragments");
    }
  }

  private void body(Buffer in, int from, int to) {
    int phase = (int) (length - left);
    if (isControl()) {
      if (payload.length > 0) {
        in.getBytes(from, to, payload, phase);
      }
    } else if (!skipping && !inbox.append(in, from, to, mask, phase)) {
      fail(CloseCode.INVALID_DATA, "a text is not UTF-8");
    }
  }

  private void frameRead() {
    headSize = 0;
    headNeeded = 2;
    if (isControl()) {
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= (byte) (mask >>> (24 - 8 * (i & 3)));
      }
      controlRead();
      payload = NOTHING;
    } else if (!skipping && isFinal() && !inbox.end()) {
      fail(CloseCode.INVALID_DATA, "a text ends in the middle of a character");
    }
  }

  private void controlRead() {
    if (opcode == ServerFrame.CLOSE) {
      closeRead();
    } else if (skipping) {
      return;
    } else if (opcode == ServerFrame.PING) {
      control.pinged(payload);
    } else {
      control.ponged();
    }
  }

  private void closeRead() {
    if (!skipping) {
      if (payload.length == 1 || (payload.length > 1 && !CloseCode.allowed(closeNumber(payload)))) {
        violated("a close frame has no proper code");
      } else if (payload.length > 2 && !utf8(payload)) {
        fail(CloseCode.INVALID_DATA, "a close reason is not UTF-8");
      }
    }
    control.closing(payload);
  }

  private static boolean utf8(byte[] payload) {
    Utf8Stream reason = new Utf8Stream();
    return reason.check(payload, 2, payload.length) && reason.whole();
  }

  /** The code in the payload of a close frame; 0 when there is none. */
  static int closeNumber(byte[] payload) {
    return payload.length < 2 ? 0 : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
  }

  private void violated(String why) {
    fail(CloseCode.PROTOCOL_ERROR, why);
  }

  private void fail(CloseCode code, String why) {
    skipping = true;
    control.violated(code, why);
    inbox.clear();
  }
}

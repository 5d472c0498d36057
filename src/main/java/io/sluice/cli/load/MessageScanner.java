package io.sluice.cli.load;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Opens a WebSocket (RFC 6455), and reads the receipts of {@code sluice.v1}; without receipts, a
 * plain one, on which nothing is answered. A request is answered when its last event is settled.
 */
final class MessageScanner implements AnswerScanner {
  private static final String PROTOCOL = "sluice.v1";
  private static final int LONGEST_FRAME = 64 << 10;
  private static final int LONGEST_HEAD = 16 << 10;
  private static final int SETTLED = 200;
  private static final int REFUSED = 422;

  private final Load load;
  private final Random random;
  private final ArrayDeque<Long> refused = new ArrayDeque<>();
  private byte[] held = new byte[512];
  private int length;
  private boolean open;
  private boolean ready;
  private long through;
  private long settled;
  private int status;
  private @Nullable ByteBuffer reply;

  MessageScanner(Load load, Random random) {
    this.load = load;
    this.random = random;
  }

  @Override
  public ByteBuffer greeting() {
    byte[] key = new byte[16];
    random.nextBytes(key);
    StringBuilder head = new StringBuilder(256);
    head.append("GET ").append(load.target().path()).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(load.target().authority()).append("\r\n");
    head.append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n");
    head.append("Sec-WebSocket-Key: ")
        .append(Base64.getEncoder().encodeToString(key))
        .append("\r\n");
    if (load.receipts()) {
      head.append("Sec-WebSocket-Protocol: " + PROTOCOL + "\r\n");
    }
    load.headers().forEach(line -> head.append(line).append("\r\n"));
    return ByteBuffer.wrap(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public boolean greeted(ByteBuffer in) throws ProtocolException {
    while (!open && in.hasRemaining()) {
      hold(in.get(), LONGEST_HEAD);
      open = length >= 4 && held[length - 1] == '\n' && held[length - 3] == '\n' && upgraded();
    }
    while (open && load.receipts() && !ready && frame(in)) {
      heard();
    }
    return open && (ready || !load.receipts());
  }

  private boolean upgraded() throws ProtocolException {
    String head = new String(held, 0, length, StandardCharsets.US_ASCII);
    if (!head.startsWith("HTTP/1.1 101")) {
      throw new ProtocolException("the handshake was answered " + head.lines().findFirst().get());
    }
    String named = "sec-websocket-protocol: " + PROTOCOL;
    if (load.receipts() && !head.toLowerCase(Locale.ROOT).contains(named)) {
      throw new ProtocolException("the server does not speak " + PROTOCOL);
    }
    length = 0;
    return true;
  }

  @Override
  public boolean scan(ByteBuffer in) throws ProtocolException {
    while (!load.receipts() || through < settled + load.batch()) {
      if (!frame(in)) {
        return false;
      }
      heard();
    }
    settled += load.batch();
    status = SETTLED;
    while (!refused.isEmpty() && refused.element() <= settled) {
      refused.remove();
      status = REFUSED;
    }
    return true;
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public @Nullable ByteBuffer reply() {
    ByteBuffer once = reply;
    reply = null;
    return once;
  }

  /** Gathers a frame; true when it is whole. */
  private boolean frame(ByteBuffer in) throws ProtocolException {
    while (in.hasRemaining()) {
      hold(in.get(), LONGEST_FRAME);
      if (length >= 2 && length == payloadAt() + payloadLength()) {
        return true;
      }
    }
    return false;
  }

  private void hold(byte one, int most) throws ProtocolException {
    if (length == most) {
      throw new ProtocolException("the server sends more than " + most + " bytes at once");
    }
    if (length == held.length) {
      held = Arrays.copyOf(held, 2 * length);
    }
    held[length++] = one;
  }

  private int payloadAt() {
    int field = held[1] & 0x7F;
    return field < 126 ? 2 : field == 126 ? 4 : 10;
  }

  /** More than is there, while the length itself is not there yet. */
  private int payloadLength() {
    int field = held[1] & 0x7F;
    if (field < 126) {
      return field;
    }
    return field == 127 || length < 4 ? LONGEST_FRAME : (held[2] & 0xFF) << 8 | (held[3] & 0xFF);
  }

  private void heard() throws ProtocolException {
    int at = payloadAt();
    byte[] payload = Arrays.copyOfRange(held, at, length);
    int opcode = held[0] & 0x0F;
    length = 0;
    switch (opcode) {
      case 1 -> text(new String(payload, StandardCharsets.UTF_8));
      case 8 -> throw new ProtocolException("closed by the server" + reason(payload));
      case 9 -> {
        byte[] mask = new byte[4];
        random.nextBytes(mask);
        reply = ByteBuffer.wrap(ClientFrame.of(ClientFrame.PONG, mask, payload));
      }
      default -> {
        // A pong nobody asked for, or what this protocol does not have.
      }
    }
  }

  private static String reason(byte[] payload) {
    if (payload.length < 2) {
      return "";
    }
    int code = (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
    return " with " + code;
  }

  private void text(String text) throws ProtocolException {
    if (text.startsWith("{\"ack\"")) {
      through = number(text, "\"through\":");
    } else if (text.startsWith("{\"ready\"")) {
      ready = true;
    } else if (text.startsWith("{\"refused\"")) {
      refused.add(load.receipts() ? number(text, "\"number\":") : 0);
    }
  }

  private static long number(String frame, String name) throws ProtocolException {
    int from = frame.indexOf(name) + name.length();
    int to = from;
    while (to < frame.length() && Character.isDigit(frame.charAt(to))) {
      to++;
    }
    if (from < name.length() || to == from) {
      throw new ProtocolException("the server does not speak " + PROTOCOL);
    }
    return Long.parseLong(frame, from, to, 10);
  }
}

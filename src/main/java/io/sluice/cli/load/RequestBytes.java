package io.sluice.cli.load;

import io.sluice.cli.target.Protocol;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/**
 * One request (over TCP its lines, over WebSocket its messages), built once and sent many times;
 * only the digits of its events' ids change.
 *
 * <p>The bytes may be changed when the last of them has been written. Confined to its loop.
 */
final class RequestBytes {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final ByteBuffer bytes;
  private final int digitsAt;
  private final int stride;
  private final int batch;
  private final byte[] mask;

  RequestBytes(Load load, Random random) {
    byte[] event = Events.template(load.size(), random);
    Protocol protocol = load.target().protocol();
    batch = load.batch();
    mask = new byte[4];
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    byte[] unit =
        switch (protocol) {
          case HTTP -> batch > 1 ? line(event) : event;
          case TCP -> line(event);
          case WEBSOCKET -> {
            random.nextBytes(mask);
            yield ClientFrame.of(ClientFrame.TEXT, mask, event);
          }
        };
    stride = unit.length;
    if (protocol == Protocol.HTTP) {
      request.writeBytes(head(load, (long) stride * batch).getBytes(StandardCharsets.US_ASCII));
    }
    int eventAt = protocol == Protocol.WEBSOCKET ? stride - event.length : 0;
    digitsAt = request.size() + eventAt + Events.DIGITS_AT;
    for (int i = 0; i < batch; i++) {
      request.writeBytes(unit);
    }
    bytes = ByteBuffer.allocateDirect(request.size()).put(request.toByteArray());
  }

  private static byte[] line(byte[] event) {
    byte[] line = Arrays.copyOf(event, event.length + 1);
    line[event.length] = '\n';
    return line;
  }

  private static String head(Load load, long length) {
    StringBuilder head = new StringBuilder(256);
    head.append("POST ").append(load.target().path()).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(load.target().authority()).append("\r\n");
    head.append("Content-Type: ")
        .append(load.batch() == 1 ? "application/json" : "application/x-ndjson")
        .append("\r\n");
    head.append("Content-Length: ").append(length).append("\r\n");
    load.headers().forEach(line -> head.append(line).append("\r\n"));
    return head.append("\r\n").toString();
  }

  /** The whole request, its events numbered from {@code first} on. */
  ByteBuffer numbered(long first) {
    for (int i = 0; i < batch; i++) {
      long left = first + i;
      int at = digitsAt + i * stride;
      for (int digit = Events.DIGITS - 1; digit >= 0; digit--) {
        byte masked = mask[(Events.DIGITS_AT + digit) & 3];
        bytes.put(at + digit, (byte) (HEX[(int) (left & 15)] ^ masked));
        left >>>= 4;
      }
    }
    return bytes.rewind();
  }
}

package io.sluice.cli.load;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * One request (over TCP, its lines), built once and sent many times; only the digits of its events'
 * ids change.
 *
 * <p>The bytes may be changed when the last of them has been written. Confined to its loop.
 */
final class RequestBytes {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final ByteBuffer bytes;
  private final int bodyAt;
  private final int stride;
  private final int batch;

  RequestBytes(Load load, Random random) {
    byte[] event = Events.template(load.size(), random);
    batch = load.batch();
    boolean lines = batch > 1 || load.target().tcp();
    stride = lines ? event.length + 1 : event.length;
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    if (!load.target().tcp()) {
      request.writeBytes(head(load, (long) stride * batch).getBytes(StandardCharsets.US_ASCII));
    }
    bodyAt = request.size();
    for (int i = 0; i < batch; i++) {
      request.writeBytes(event);
      if (lines) {
        request.write('\n');
      }
    }
    bytes = ByteBuffer.allocateDirect(request.size()).put(request.toByteArray());
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
      int at = bodyAt + i * stride + Events.DIGITS_AT;
      for (int digit = at + Events.DIGITS - 1; digit >= at; digit--) {
        bytes.put(digit, HEX[(int) (left & 15)]);
        left >>>= 4;
      }
    }
    return bytes.rewind();
  }

  int bodyBytes() {
    return stride * batch;
  }
}

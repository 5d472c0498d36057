package io.sluice.cli.load;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the receipts of TCP push: a decimal line with the count of the connection's events that are
 * kept. A request is answered when all its events are.
 */
final class CountScanner implements AnswerScanner {
  private static final int LONGEST_LINE = 1024;

  private final int batch;
  private final byte[] line = new byte[LONGEST_LINE];
  private int length;
  private long told;
  private long settled;

  /**
   * @param batch events in a request; the largest number where no answers are expected
   */
  CountScanner(int batch) {
    this.batch = batch;
  }

  @Override
  public boolean scan(ByteBuffer in) throws ProtocolException {
    while (told < settled + batch) {
      if (!in.hasRemaining()) {
        return false;
      }
      byte b = in.get();
      if (b == '\n') {
        read();
        length = 0;
      } else if (length == LONGEST_LINE) {
        throw new ProtocolException("a line of the answer is longer than " + LONGEST_LINE);
      } else {
        line[length++] = b;
      }
    }
    settled += batch;
    return true;
  }

  private void read() throws ProtocolException {
    String text = new String(line, 0, length, StandardCharsets.US_ASCII);
    try {
      told = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new ProtocolException(
          text.startsWith("ERR ") ? text : "the answer is no count of events");
    }
  }

  @Override
  public int status() {
    return 200;
  }
}

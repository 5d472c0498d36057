package io.sluice.cli.load;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Finds where HTTP/1.1 responses end (RFC 9112, section 6.3) and their status; bodies are skipped.
 *
 * <p>Keeps its place between reads. One per connection, confined to its loop.
 */
final class ResponseScanner implements AnswerScanner {
  private enum Part {
    STATUS,
    FIELDS,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILERS
  }

  private static final int LONGEST_LINE = 16 * 1024;

  private final byte[] line = new byte[LONGEST_LINE];
  private int lineLength;
  private Part part = Part.STATUS;
  private int status;
  private long left;
  private boolean sized;
  private boolean chunked;
  private boolean keepAlive;

  @Override
  public int status() {
    return status;
  }

  @Override
  public boolean keepAlive() {
    return keepAlive;
  }

  /** Interim responses (1xx) are passed over. */
  @Override
  public boolean scan(ByteBuffer in) throws ProtocolException {
    while (in.hasRemaining()) {
      if (part == Part.BODY || part == Part.CHUNK) {
        int step = (int) Math.min(left, in.remaining());
        in.position(in.position() + step);
        left -= step;
        if (left == 0) {
          if (part == Part.BODY) {
            return complete();
          }
          part = Part.CHUNK_END;
        }
      } else if (gathered(in) && lineEnds()) {
        return true;
      }
    }
    return false;
  }

  /** Gathers bytes up to a line feed; true when the line is whole, without its end. */
  private boolean gathered(ByteBuffer in) throws ProtocolException {
    while (in.hasRemaining()) {
      byte b = in.get();
      if (b == '\n') {
        if (lineLength > 0 && line[lineLength - 1] == '\r') {
          lineLength--;
        }
        return true;
      }
      if (lineLength == LONGEST_LINE) {
        throw new ProtocolException("a line of the answer is longer than " + LONGEST_LINE);
      }
      line[lineLength++] = b;
    }
    return false;
  }

  private boolean lineEnds() throws ProtocolException {
    boolean complete = false;
    switch (part) {
      case STATUS -> readStatus();
      case FIELDS -> {
        if (lineLength > 0) {
          readField();
        } else {
          complete = headEnds();
        }
      }
      case CHUNK_SIZE -> readChunkSize();
      case CHUNK_END -> part = Part.CHUNK_SIZE;
      case TRAILERS -> complete = lineLength == 0 && complete();
      case BODY, CHUNK -> throw new IllegalStateException("a body has no lines");
    }
    lineLength = 0;
    return complete;
  }

  private void readStatus() throws ProtocolException {
    if (lineLength < 12 || !startsWith("http/1.")) {
      throw new ProtocolException("the answer is not HTTP/1.1");
    }
    status = 0;
    for (int i = 9; i < 12; i++) {
      status = status * 10 + (line[i] - '0');
    }
    if (status < 100 || status > 999) {
      throw new ProtocolException("the answer has no status");
    }
    keepAlive = line[7] != '0';
    sized = false;
    chunked = false;
    left = 0;
    part = Part.FIELDS;
  }

  private void readField() throws ProtocolException {
    if (startsWith("content-length:")) {
      left = number(value("content-length:"), 10);
      sized = true;
    } else if (startsWith("transfer-encoding:")) {
      chunked = value("transfer-encoding:").endsWith("chunked");
    } else if (startsWith("connection:")) {
      String option = value("connection:");
      keepAlive = option.equals("keep-alive") || (keepAlive && !option.equals("close"));
    }
  }

  private boolean headEnds() {
    if (status < 200) {
      part = Part.STATUS;
      return false;
    }
    if (status == 204 || status == 304) {
      return complete();
    }
    if (chunked) {
      part = Part.CHUNK_SIZE;
      return false;
    }
    if (!sized) {
      // The body ends with the connection, which is then of no more use; nobody needs the body.
      keepAlive = false;
      return complete();
    }
    part = Part.BODY;
    return left == 0 && complete();
  }

  private void readChunkSize() throws ProtocolException {
    String size = new String(line, 0, lineLength, StandardCharsets.US_ASCII);
    int extension = size.indexOf(';');
    left = number((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
    part = left == 0 ? Part.TRAILERS : Part.CHUNK;
  }

  private boolean complete() {
    part = Part.STATUS;
    return true;
  }

  private static long number(String digits, int radix) throws ProtocolException {
    try {
      return Long.parseUnsignedLong(digits, radix) & Long.MAX_VALUE;
    } catch (NumberFormatException e) {
      throw new ProtocolException("the answer has a length that is no number");
    }
  }

  private boolean startsWith(String name) {
    if (lineLength < name.length()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      int b = line[i];
      if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private String value(String name) {
    return new String(line, name.length(), lineLength - name.length(), StandardCharsets.US_ASCII)
        .strip()
        .toLowerCase(Locale.ROOT);
  }
}

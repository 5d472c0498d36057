package io.sluice.cli.send;

import io.vertx.core.buffer.Buffer;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;

/**
 * Cuts an input into chunks of whole lines, with memory for one chunk and one line.
 *
 * <p>A chunk ends when it is full, or when the input has nothing more to give right now, so that
 * lines typed or piped in do not wait for others. Blocks; confined to one thread.
 */
public final class LineReader implements Closeable {
  private static final int FIRST_WINDOW = 64 * 1024;

  private final InputStream in;
  private final int maxEvents;
  private final int maxBytes;
  private final int maxLine;
  private final Queue<Rejection> tooLong = new ArrayDeque<>();

  private byte[] window = new byte[FIRST_WINDOW];
  private int start;
  private int scanned;
  private int end;
  private boolean over;
  private boolean skipping;
  private long line = 1;
  private long chunks;
  private long bytesRead;

  /**
   * @param maxEvents lines in a chunk
   * @param maxBytes bytes in a chunk; a longer line makes a chunk of its own
   * @param maxLine bytes of the longest line that is sent at all
   */
  public LineReader(InputStream in, int maxEvents, int maxBytes, int maxLine) {
    this.in = in;
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
    this.maxLine = maxLine;
  }

  /** The next lines; empty at the end of the input. Chunks of blank lines only are left out. */
  public Optional<Chunk> next() throws IOException {
    Buffer body = Buffer.buffer();
    int events = 0;
    long firstLine = line;
    while (events < maxEvents && !(events > 0 && needsMore() && in.available() == 0)) {
      long expected = line;
      int stop = lineEnd();
      if (stop < 0) {
        break;
      }
      // A line passed over in between would shift the server's line numbers.
      if (events > 0 && (line != expected || body.length() + (stop - start) >= maxBytes)) {
        break;
      }
      boolean blank = blank(start, stop);
      if (events == 0) {
        firstLine = line;
      }
      if (events > 0 || !blank) {
        body.appendBytes(window, start, stop - start).appendByte((byte) '\n');
        events += blank ? 0 : 1;
      }
      start = Math.min(stop + 1, end);
      scanned = start;
      line++;
    }
    return events == 0
        ? Optional.empty()
        : Optional.of(new Chunk(chunks++, firstLine, events, body));
  }

  /** Bytes taken from the input so far. */
  public long bytesRead() {
    return bytesRead;
  }

  /** Lines too long to be sent, passed over since this was asked last. */
  public Queue<Rejection> takeTooLong() {
    Queue<Rejection> taken = new ArrayDeque<>(tooLong);
    tooLong.clear();
    return taken;
  }

  private boolean needsMore() {
    return newline() < 0 && !over;
  }

  private int newline() {
    while (scanned < end) {
      if (window[scanned] == '\n') {
        return scanned;
      }
      scanned++;
    }
    return -1;
  }

  /** Where the line at {@code start} ends, without its line feed; -1 when there is none. */
  private int lineEnd() throws IOException {
    while (true) {
      int found = newline();
      if (found >= 0 && skipping) {
        skipped();
        start = found + 1;
        scanned = start;
      } else if (found >= 0) {
        return found;
      } else if (over) {
        if (skipping) {
          skipped();
          start = end;
        }
        return start < end ? end : -1;
      } else {
        fill();
      }
    }
  }

  private void skipped() {
    tooLong.add(new Rejection(line, "longer than " + maxLine + " bytes, not sent"));
    skipping = false;
    line++;
  }

  private void fill() throws IOException {
    if (end - start > maxLine) {
      skipping = true;
    }
    if (skipping) {
      start = end;
    }
    if (start > 0) {
      System.arraycopy(window, start, window, 0, end - start);
      end -= start;
      scanned = end;
      start = 0;
    }
    if (end == window.length) {
      window = Arrays.copyOf(window, window.length * 2);
    }
    int count = in.read(window, end, window.length - end);
    over = count < 0;
    if (count > 0) {
      end += count;
      bytesRead += count;
    }
  }

  private boolean blank(int from, int to) {
    for (int i = from; i < to; i++) {
      if (window[i] != ' ' && window[i] != '\t' && window[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

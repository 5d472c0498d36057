package io.sluice.source.poll.directory;

import io.sluice.codec.BadFrame;
import io.sluice.codec.Framing;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;

/** One file being read, line by line. Used by one thread at a time. Blocks. */
final class Reading implements Closeable {
  private static final byte[] NOTHING = {};

  private final Found file;
  private final boolean takeRest;
  private final int max;
  private final Framing lines;
  private final Content content;
  private final Print print;

  /** Behind what was taken. */
  private long offset;

  /** Whether a line is left out whose start was read by somebody before. */
  private boolean skipping;

  /** What was read and not taken yet: the beginning of a line. */
  private byte[] rest = NOTHING;

  private boolean ended;

  /**
   * Begins.
   *
   * @param takeRest whether a last line without an end is taken
   * @param max bytes of the longest line
   */
  Reading(Found file, Opened opened, boolean takeRest, int max) {
    this.file = file;
    this.takeRest = takeRest;
    this.max = max;
    this.lines = Framing.lines(max);
    this.content = opened.content();
    this.print = opened.print();
    this.offset = opened.offset();
    this.skipping = opened.skipping();
  }

  Found file() {
    return file;
  }

  /** How much room it needs to get any further. Bytes. */
  int needs() {
    return Math.min(2 * rest.length + 1, max + 2) + 1;
  }

  /** Whether all that was there when the file was found is read. */
  boolean ended() {
    return ended;
  }

  /** Whether it ended in the midst of a line, which is not taken. */
  boolean waits() {
    return rest.length > 0;
  }

  /**
   * Reads as much as there is room for.
   *
   * @param at where there is room in the region
   * @return where there is room behind it
   */
  int fill(Lines into, int at) throws IOException {
    byte[] region = into.region();
    int limit = region.length - 1;
    System.arraycopy(rest, 0, region, at, rest.length);
    int filled = at + rest.length;
    while (filled < limit && !ended) {
      int got = content.read(region, filled, limit - filled);
      ended = got < 0;
      filled += Math.max(got, 0);
    }
    int from = skip(into, at, filled);
    into.enter(file.name(), offset - from, from, filled);
    int to = lines.find(region, from, filled, into);
    take(region, from, to);
    if (ended && takeRest && to < filled) {
      last(into, to, filled);
      take(region, to, filled);
      // One byte is left free for the line feed that it lacks.
      to = filled + 1;
      filled = to;
    }
    rest = to < filled ? Arrays.copyOfRange(region, to, filled) : NOTHING;
    return to;
  }

  /** Passes over what is left of a line that is left out. */
  private int skip(Lines into, int from, int to) {
    if (!skipping) {
      return from;
    }
    int feed = into.feed(from, to);
    skipping = feed == to;
    int next = skipping ? to : feed + 1;
    take(into.region(), from, next);
    return next;
  }

  /** The last line, which has no end. */
  private void last(Lines into, int from, int to) {
    int end = into.region()[to - 1] == '\r' ? to - 1 : to;
    if (end - from > max) {
      into.bad(BadFrame.TOO_LONG);
    } else if (end > from) {
      into.record(from, end);
    }
  }

  private void take(byte[] region, int from, int to) {
    if (!file.packed()) {
      print.head(region, from, to);
    }
    print.tail(region, from, to);
    offset += to - from;
  }

  /** How far it was read. */
  Mark mark() {
    Mark.State state =
        file.packed() && ended
            ? Mark.State.DONE
            : skipping || lines.skipping() ? Mark.State.SKIPPING : Mark.State.READING;
    return new Mark(
        offset,
        file.packed() ? file.size() : -1,
        state,
        print.headSum(),
        print.tailSum(),
        file.name());
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}

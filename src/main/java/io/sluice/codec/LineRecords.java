package io.sluice.codec;

import java.util.Map;
import java.util.Optional;

/** Records that end with a line feed, or with carriage return and line feed. */
final class LineRecords implements RecordStream {
  private static final byte[] RETURN = {'\r'};

  private final Output out;
  private boolean open;

  /** A carriage return that may belong to the line's end. */
  private boolean held;

  LineRecords(Output out) {
    this.out = out;
  }

  @Override
  public Optional<Failure> feed(byte[] in, int from, int to) {
    int at = from;
    while (at < to) {
      int feed = Words.lineFeed(in, at, to);
      int end = feed > at && in[feed - 1] == '\r' ? feed - 1 : feed;
      boolean fits = !held || feed == at || out.append(RETURN, 0, 1);
      held = held && feed == at;
      if (end > at) {
        open = true;
        fits &= out.append(in, at, end);
      }
      if (!fits) {
        return tooLarge();
      }
      if (feed < to) {
        line();
      } else {
        held |= end < feed;
      }
      at = feed + 1;
    }
    return Optional.empty();
  }

  private void line() {
    if (open) {
      out.end();
    }
    open = false;
    held = false;
  }

  @Override
  public Optional<Failure> finish() {
    line();
    return Optional.empty();
  }

  @Override
  public Map<String, String> values() {
    return Map.of();
  }

  static Optional<Failure> tooLarge() {
    return Optional.of(new Failure(Flaw.TOO_LARGE, "a record has more bytes than may be taken"));
  }
}

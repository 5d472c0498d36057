package io.sluice.codec;

import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** The events and faults found so far in one body. Used by one thread. */
final class Events {
  private final byte[] region;
  private final int from;
  private final Limits limits;
  private final boolean lenient;

  private int[] bounds = {};
  private int bound;
  private List<Fault> faults = List.of();
  private int index;
  private int blank;
  private boolean lineFeeds;
  private boolean broken;
  private boolean more;

  /** Where line {@link #line} was last known to be. */
  private int lineAt;

  private int line = 1;

  Events(byte[] region, int from, Limits limits, boolean lenient) {
    this.region = region;
    this.from = from;
    this.limits = limits;
    this.lenient = lenient;
    this.lineAt = from;
  }

  /** The next event, which is valid as far as its content goes; whether it is within limits. */
  boolean add(int start, int end) {
    if (index == limits.maxEvents()) {
      fault(start, Flaw.TOO_MANY, "more than " + limits.maxEvents() + " events");
      broken();
      more = true;
      return false;
    }
    if (end - start > limits.maxEventBytes()) {
      tooLarge(start);
      return false;
    }
    if (bound == bounds.length) {
      bounds = Arrays.copyOf(bounds, bound == 0 ? 2 : Math.max(64, 2 * bound));
    }
    bounds[bound++] = start;
    bounds[bound++] = end;
    index++;
    return true;
  }

  /** In place of the next event stands one with too many bytes. */
  void tooLarge(int at) {
    fault(at, Flaw.TOO_LARGE, "more than " + limits.maxEventBytes() + " bytes");
  }

  /** The next event or, where {@code check} found one, its fault. */
  void checked(JsonCheck check, int start, int end) {
    if (check.flaws().flawed()) {
      fault(check.flaws());
    } else {
      lineFeeds |= check.lineFeeds();
      add(start, end);
    }
  }

  /** What was found in place of the next event. */
  void fault(JsonFlaws flaws) {
    fault(flaws.offset(), flaws.flaw(), flaws.detail());
  }

  void fault(int at, Flaw flaw, String detail) {
    if (faults.isEmpty()) {
      faults = new ArrayList<>();
    }
    if (faults.size() == limits.maxFaults()) {
      broken();
      more = true;
      return;
    }
    while (lineAt < at) {
      if (region[lineAt++] == '\n') {
        line++;
      }
    }
    faults.add(new Fault(index++, line, at - from, flaw, detail));
  }

  /** A line with nothing on it. */
  void blank() {
    blank++;
  }

  /** The body is no good as a whole, so that no event of it may be taken. */
  void broken() {
    broken = true;
  }

  /** Whether looking on is of no use: the body is refused, and there are faults enough. */
  boolean over() {
    return more;
  }

  /**
   * What the body came to.
   *
   * @param inLines whether to lay the events in lines
   */
  Split split(boolean inLines, Origin origin, Columns columns) {
    return split(exact -> Batch.of(region, exact, inLines && layInLines(exact), origin, columns));
  }

  /**
   * What the body came to.
   *
   * @param batch makes the batch of events that have these bounds
   */
  Split split(Function<int[], Batch> batch) {
    boolean bad = !faults.isEmpty();
    if (broken || (bad && (!lenient || bound == 0))) {
      return new Split.Refused(List.copyOf(faults), more);
    }
    if (bound == 0) {
      return new Split.Nothing(blank);
    }
    int[] exact = bound == bounds.length ? bounds : Arrays.copyOf(bounds, bound);
    return new Split.Taken(batch.apply(exact), List.copyOf(faults), blank);
  }

  /** Moves the events together, each with its line feed; whether the last one has room for its. */
  private boolean layInLines(int[] bounds) {
    if (lineFeeds) {
      unfold();
    }
    int at = bounds[0];
    for (int i = 0; i < bound; i += 2) {
      int start = bounds[i];
      int length = bounds[i + 1] - start;
      if (start != at) {
        System.arraycopy(region, start, region, at, length);
        bounds[i] = at;
        bounds[i + 1] = at + length;
      }
      at += length;
      if (at == region.length) {
        return false;
      }
      region[at++] = '\n';
    }
    return true;
  }

  /** In valid JSON line feeds stand between tokens only, where a space is as good. */
  private void unfold() {
    for (int i = 0; i < bound; i += 2) {
      for (int at = bounds[i]; at < bounds[i + 1]; at++) {
        if (region[at] == '\n' || region[at] == '\r') {
          region[at] = ' ';
        }
      }
    }
  }
}

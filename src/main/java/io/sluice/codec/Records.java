package io.sluice.codec;

import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Origin;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The records found in one stretch of bytes, and what was wrong with others. Used by one thread,
 * once.
 */
public final class Records implements Framing.Found {
  private static final int MAX_DEPTH = Limits.USUAL.maxDepth();

  /** What a batch may hold beside its bytes without saying so: this, and a fourth of them. */
  private static final int SLACK = 64;

  /** What becomes of a record that is no good. */
  @FunctionalInterface
  public interface OnBad {
    /**
     * Decides.
     *
     * @return whether it is passed over, and others may follow
     */
    boolean passOver(BadFrame why);
  }

  private final byte[] in;
  private final Content content;
  private final boolean byLine;
  private final OnBad onBad;
  private final JsonCheck json;

  /** There only where records are CloudEvents. */
  private final @Nullable CloudEvents cloudEvents;

  private int[] bounds = new int[16];
  private int bound;
  private boolean over;
  private boolean lineFeeds;

  /**
   * @param in where the records are
   * @param byLine whether no record has a line feed in it
   */
  public Records(byte[] in, Content content, boolean byLine, OnBad onBad) {
    this.in = in;
    this.content = content;
    this.byLine = byLine;
    this.onBad = onBad;
    this.json = new JsonCheck(in, content == Content.JSON ? MAX_DEPTH : 1, byLine);
    this.cloudEvents =
        content == Content.CLOUDEVENT ? new CloudEvents(in, Limits.USUAL, byLine) : null;
  }

  @Override
  public void record(int start, int end) {
    if (over) {
      return;
    }
    if (cloudEvents != null) {
      cloudEvent(cloudEvents, start, end);
      return;
    }
    switch (content) {
      case ANY, CLOUDEVENT -> add(start, end);
      case TEXT -> {
        if (Utf8.text(in, start, end)) {
          add(start, end);
        } else {
          bad(BadFrame.INVALID_TEXT);
        }
      }
      case JSON -> value(start, end);
    }
  }

  private void value(int from, int to) {
    int start = json.space(from, to);
    if (start == to && byLine) {
      return;
    }
    int end = start == to ? -1 : json.value(start, to);
    if (end < 0 || json.flaws().flawed() || json.space(end, to) < to) {
      bad(BadFrame.INVALID_JSON);
    } else {
      lineFeeds |= json.lineFeeds();
      add(start, end);
    }
  }

  private void cloudEvent(CloudEvents events, int from, int to) {
    JsonCheck check = events.check();
    int start = check.space(from, to);
    if (start == to && byLine) {
      return;
    }
    int end = start == to ? -1 : events.read(start, to);
    if (end < 0 || check.flaws().flawed() || check.space(end, to) < to) {
      bad(BadFrame.INVALID_CLOUDEVENT);
    } else {
      add(events.start(), events.end());
      events.keep();
    }
  }

  private void add(int start, int end) {
    if (bound == bounds.length) {
      bounds = Arrays.copyOf(bounds, 4 * bound);
    }
    bounds[bound++] = start;
    bounds[bound++] = end;
  }

  @Override
  public boolean bad(BadFrame why) {
    if (!over) {
      over = !onBad.passOver(why);
    }
    return !over;
  }

  /** How many are good; those before the first bad one, if that was not passed over. */
  public int size() {
    return bound / 2;
  }

  /** Whether a bad one was not passed over, so that nothing behind it counts. */
  public boolean over() {
    return over;
  }

  /**
   * The good ones, of which there must be at least one. The bytes they were found in are given away
   * from now on: what lies behind the last record has to be copied before.
   *
   * <p>The batch is {@linkplain Batch#lines() in lines} when no record holds a line feed. The bytes
   * stay where they are as far as they can: they are moved where more than a line feed lies between
   * them, and copied where they would hold on to many others.
   */
  public Batch batch(Origin origin) {
    if (cloudEvents != null) {
      return cloudEvents.batch(Arrays.copyOf(bounds, bound), origin);
    }
    int from = bounds[0];
    int to = bounds[bound - 1];
    boolean lines = byLine || content == Content.JSON;
    if (lineFeeds) {
      unfold();
    }
    int[] exact = bound == bounds.length ? bounds : Arrays.copyOf(bounds, bound);
    boolean loose = in.length - (to - from) > SLACK + (to - from) / 4;
    if (lines) {
      byte[] region = loose ? new byte[to - from + 1] : in;
      return Batch.of(
          layInLines(region, loose ? 0 : from, exact), exact, true, origin, Columns.NONE);
    }
    if (loose) {
      for (int i = 0; i < bound; i++) {
        exact[i] -= from;
      }
      return Batch.of(Arrays.copyOfRange(in, from, to), exact, false, origin, Columns.NONE);
    }
    return Batch.of(in, exact, false, origin, Columns.NONE);
  }

  /** Moves the records to {@code region}, one line feed behind each; there is room for all. */
  private byte[] layInLines(byte[] region, int from, int[] bounds) {
    int at = from;
    for (int i = 0; i < bounds.length; i += 2) {
      int start = bounds[i];
      int length = bounds[i + 1] - start;
      if (start != at || region != in) {
        System.arraycopy(in, start, region, at, length);
        bounds[i] = at;
        bounds[i + 1] = at + length;
      }
      at += length;
      region[at++] = '\n';
    }
    return region;
  }

  /** In valid JSON line feeds stand between tokens only, where a space is as good. */
  private void unfold() {
    for (int i = 0; i < bound; i += 2) {
      for (int at = bounds[i]; at < bounds[i + 1]; at++) {
        if (in[at] == '\n' || in[at] == '\r') {
          in[at] = ' ';
        }
      }
    }
  }
}

package io.sluice.stream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hashes of events in the order they arrived, each with the event's ordinal and time, numbered from
 * 1 on: added at the end, given up at the start. Grows without copying. Confined to one thread; a
 * chunk's entries do not change any more once they are settled, so others may read those that were
 * handed to them.
 */
final class KeyLog {
  /** Entries of a chunk. */
  static final int CHUNK = 2048;

  /** Longs of an entry. */
  static final int WORDS = 4;

  private static final int HIGH = 0;
  private static final int LOW = 1;
  private static final int ORDINAL = 2;
  private static final int TIME = 3;

  private final ArrayList<long[]> chunks = new ArrayList<>();
  private long firstChunk;
  private long oldest;
  private long end;

  KeyLog(long first) {
    this.oldest = first;
    this.end = first;
    this.firstChunk = first / CHUNK;
  }

  /** The number of the oldest entry. */
  long oldest() {
    return oldest;
  }

  /** Behind the newest entry. */
  long end() {
    return end;
  }

  private long[] chunk(long number) {
    return chunks.get((int) (number / CHUNK - firstChunk));
  }

  private static int at(long number) {
    return (int) (number % CHUNK) * WORDS;
  }

  long high(long number) {
    return chunk(number)[at(number) + HIGH];
  }

  long low(long number) {
    return chunk(number)[at(number) + LOW];
  }

  long ordinal(long number) {
    return chunk(number)[at(number) + ORDINAL];
  }

  long time(long number) {
    return chunk(number)[at(number) + TIME];
  }

  /** Whether it was given up, or never was one. */
  boolean isDead(long number) {
    return high(number) == 0 && low(number) == 0;
  }

  boolean is(long number, long high, long low) {
    long[] chunk = chunk(number);
    int at = at(number);
    return chunk[at + HIGH] == high && chunk[at + LOW] == low;
  }

  long add(long high, long low, long ordinal, long time) {
    while (end / CHUNK - firstChunk >= chunks.size()) {
      chunks.add(new long[CHUNK * WORDS]);
    }
    long[] chunk = chunk(end);
    int at = at(end);
    chunk[at + HIGH] = high;
    chunk[at + LOW] = low;
    chunk[at + ORDINAL] = ordinal;
    chunk[at + TIME] = time;
    return end++;
  }

  void setOrdinal(long number, long ordinal) {
    chunk(number)[at(number) + ORDINAL] = ordinal;
  }

  void kill(long number) {
    long[] chunk = chunk(number);
    int at = at(number);
    chunk[at + HIGH] = 0;
    chunk[at + LOW] = 0;
  }

  /** Takes the newest entries back, from this one on. */
  void takeBack(long number) {
    end = number;
  }

  void removeOldest() {
    oldest++;
    if (oldest / CHUNK > firstChunk) {
      chunks.remove(0);
      firstChunk++;
    }
  }

  /** The chunks of the entries between two numbers, null where one is gone. */
  List<long @Nullable []> chunks(long from, long to) {
    List<long @Nullable []> list = new ArrayList<>();
    for (long chunk = from / CHUNK; chunk * CHUNK < to; chunk++) {
      long at = chunk - firstChunk;
      list.add(at < 0 || at >= chunks.size() ? null : chunks.get((int) at));
    }
    return list;
  }
}

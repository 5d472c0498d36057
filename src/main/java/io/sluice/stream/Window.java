package io.sluice.stream;

import java.util.ArrayList;
import java.util.List;

/**
 * Entries that follow each other, in memory: found by ordinal, added at the end, given up at the
 * start.
 */
final class Window {
  private Log.Entry[] ring = new Log.Entry[64];
  private int head;
  private int size;
  private long weight;

  boolean isEmpty() {
    return size == 0;
  }

  /** What its batches weigh. Bytes. */
  long weight() {
    return weight;
  }

  Log.Entry oldest() {
    return at(0);
  }

  void add(Log.Entry entry) {
    if (size == ring.length) {
      grow();
    }
    ring[(head + size) & (ring.length - 1)] = entry;
    size++;
    weight += entry.batch().weight();
  }

  void removeOldest() {
    weight -= oldest().batch().weight();
    ring[head] = null;
    head = (head + 1) & (ring.length - 1);
    size--;
  }

  void clear() {
    while (size > 0) {
      removeOldest();
    }
  }

  /** Whether the event at this ordinal is in the window. */
  boolean holds(long ordinal) {
    return size > 0 && ordinal >= oldest().first().ordinal() && ordinal < at(size - 1).end();
  }

  /** From an ordinal the window holds: at least one entry, up to about {@code bytes}. */
  List<Log.Entry> read(long ordinal, long bytes) {
    List<Log.Entry> read = new ArrayList<>();
    int index = find(ordinal);
    Log.Entry entry = at(index).from(ordinal);
    long sum = entry.batch().weight();
    read.add(entry);
    while (++index < size && sum + at(index).batch().weight() <= bytes) {
      sum += at(index).batch().weight();
      read.add(at(index));
    }
    return read;
  }

  /** The entry an ordinal lies in, by halving. */
  private int find(long ordinal) {
    int low = 0;
    int high = size - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at(middle).end() <= ordinal) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private Log.Entry at(int index) {
    return ring[(head + index) & (ring.length - 1)];
  }

  private void grow() {
    Log.Entry[] larger = new Log.Entry[2 * ring.length];
    for (int i = 0; i < size; i++) {
      larger[i] = at(i);
    }
    ring = larger;
    head = 0;
  }
}

package io.sluice.stream;

/**
 * Finds entries of a {@link KeyLog} by their hash: open addressing in many small tables, so that
 * none takes long to grow. An entry costs eight to sixteen bytes here. Confined to one thread.
 */
final class KeyIndex {
  private static final int TABLES = 256;
  private static final int LEAST = 16;

  private final KeyLog log;
  private final int[][] tables = new int[TABLES][LEAST];
  private final int[] sizes = new int[TABLES];

  KeyIndex(KeyLog log) {
    this.log = log;
  }

  private static int table(long high) {
    return (int) (high >>> 56);
  }

  /** The lower half of a number stands in the tables, 0 for none; the oldest tells the rest. */
  private long number(int half) {
    long oldest = log.oldest();
    return oldest + ((half - (int) oldest) & 0xFFFF_FFFFL);
  }

  /** The entry with this hash; -1 for none. */
  long find(long high, long low) {
    int[] table = tables[table(high)];
    int mask = table.length - 1;
    for (int at = (int) low & mask; table[at] != 0; at = (at + 1) & mask) {
      long number = number(table[at]);
      if (log.is(number, high, low)) {
        return number;
      }
    }
    return -1;
  }

  /** Adds an entry that is in the log, in place of an earlier one with the same hash. */
  void put(long number) {
    long high = log.high(number);
    long low = log.low(number);
    int which = table(high);
    int[] table = tables[which];
    int mask = table.length - 1;
    int at = (int) low & mask;
    while (table[at] != 0) {
      if (log.is(number(table[at]), high, low)) {
        table[at] = (int) number;
        return;
      }
      at = (at + 1) & mask;
    }
    table[at] = (int) number;
    if (++sizes[which] * 2 > table.length) {
      grow(which);
    }
  }

  private void grow(int which) {
    int[] table = tables[which];
    int[] larger = new int[2 * table.length];
    int mask = larger.length - 1;
    for (int half : table) {
      if (half != 0) {
        int at = (int) log.low(number(half)) & mask;
        while (larger[at] != 0) {
          at = (at + 1) & mask;
        }
        larger[at] = half;
      }
    }
    tables[which] = larger;
  }

  /** Forgets an entry, unless another has its place. */
  void remove(long number) {
    int which = table(log.high(number));
    int[] table = tables[which];
    int mask = table.length - 1;
    int at = (int) log.low(number) & mask;
    while (table[at] != 0 && table[at] != (int) number) {
      at = (at + 1) & mask;
    }
    if (table[at] == 0) {
      return;
    }
    sizes[which]--;
    close(table, at);
  }

  /** Moves back what stands behind a gap and belongs before it. */
  private void close(int[] table, int gap) {
    int mask = table.length - 1;
    int hole = gap;
    for (int at = (hole + 1) & mask; table[at] != 0; at = (at + 1) & mask) {
      int home = (int) log.low(number(table[at])) & mask;
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        table[hole] = table[at];
        hole = at;
      }
    }
    table[hole] = 0;
  }
}

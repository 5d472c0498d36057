package io.sluice.stream;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.NavigableMap;

/**
 * How a log stands with the replicas when it is taken over.
 *
 * @param term grows each time it is; verdicts are given to the latest only
 * @param through everything before this ordinal is decided
 * @param voids events of those that do not count, by ordinal: whether another replica has them
 * @param key0 first half of the key that all replicas hash with
 * @param key1 its second half
 */
record Standing(long term, long through, NavigableMap<Long, Boolean> voids, long key0, long key1) {
  /**
   * Which of some events do not count.
   *
   * @param elsewhere whether those that another replica has, or those that nobody may have
   */
  BitSet of(long first, int size, boolean elsewhere) {
    BitSet places = new BitSet();
    voids
        .subMap(first, first + size)
        .forEach(
            (ordinal, taken) -> {
              if (taken == elsewhere) {
                places.set((int) (ordinal - first));
              }
            });
    return places;
  }

  /** The hash of a stream's keys: what they are is part of it. */
  SipHash hash(By by) {
    byte[] text = by.text().getBytes(StandardCharsets.UTF_8);
    SipHash own = new SipHash(key0, key1);
    own.hash(text, 0, text.length, 0);
    return new SipHash(own.low(), own.high());
  }
}

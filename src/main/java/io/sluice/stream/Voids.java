package io.sluice.stream;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Events that a log has and that do not count, because another replica has them: nobody is given
 * them. A bit for each ordinal, where there are any. Confined to the stream's event loop.
 */
final class Voids {
  /** Ordinals of a chunk. */
  static final int CHUNK = 1 << 16;

  private final TreeMap<Long, BitSet> chunks = new TreeMap<>();

  /** The event at this ordinal does not count. */
  void add(long ordinal) {
    chunks.computeIfAbsent(ordinal / CHUNK, first -> new BitSet()).set((int) (ordinal % CHUNK));
  }

  /** Those at these places do not count. */
  void add(long first, BitSet places) {
    for (int at = places.nextSetBit(0); at >= 0; at = places.nextSetBit(at + 1)) {
      add(first + at);
    }
  }

  /** The first ordinal from this one on that counts. */
  long past(long ordinal) {
    long at = ordinal;
    for (BitSet chunk = chunks.get(at / CHUNK); chunk != null; chunk = chunks.get(at / CHUNK)) {
      int clear = chunk.nextClearBit((int) (at % CHUNK));
      at = at / CHUNK * CHUNK + clear;
      if (clear < CHUNK) {
        return at;
      }
    }
    return at;
  }

  /** The first ordinal from this one on that does not count; {@code end} where there is none. */
  private long next(long ordinal, long end) {
    for (Map.Entry<Long, BitSet> chunk = chunks.ceilingEntry(ordinal / CHUNK);
        chunk != null && chunk.getKey() * CHUNK < end;
        chunk = chunks.higherEntry(chunk.getKey())) {
      long base = chunk.getKey() * CHUNK;
      int set = chunk.getValue().nextSetBit((int) Math.max(0, ordinal - base));
      if (set >= 0) {
        return Math.min(base + set, end);
      }
    }
    return end;
  }

  /** How many do not count from one ordinal to before another. */
  long count(long from, long to) {
    long count = 0;
    for (Map.Entry<Long, BitSet> chunk :
        chunks.subMap(from / CHUNK, true, Math.max(from, to) / CHUNK, true).entrySet()) {
      long base = chunk.getKey() * CHUNK;
      int start = (int) Math.max(0, from - base);
      int end = (int) Math.min(CHUNK, to - base);
      count += start < end ? chunk.getValue().get(start, end).cardinality() : 0;
    }
    return count;
  }

  /** What counts of entries that were read. */
  List<Log.Entry> without(List<Log.Entry> entries) {
    if (chunks.isEmpty()) {
      return entries;
    }
    List<Log.Entry> rest = new ArrayList<>();
    for (Log.Entry entry : entries) {
      long from = past(entry.first().ordinal());
      while (from < entry.end()) {
        long to = next(from, entry.end());
        rest.add(entry.from(from).to(to));
        from = past(to);
      }
    }
    return rest;
  }

  /** Forgets those that nobody can read any more. */
  void forget(long before) {
    chunks.headMap(before / CHUNK, false).clear();
  }

  /** All there are, by chunk, to be kept. */
  Map<Long, byte[]> image() {
    Map<Long, byte[]> image = new TreeMap<>();
    chunks.forEach((chunk, bits) -> image.put(chunk, bits.toByteArray()));
    return image;
  }

  /** Takes up what an earlier run had; of ordinals before {@code next} only. */
  void restore(long chunk, byte[] bits, long next) {
    BitSet all = BitSet.valueOf(bits);
    long most = Math.min(CHUNK, next - chunk * CHUNK);
    if (most > 0) {
      all.clear((int) most, Math.max((int) most, all.length()));
      chunks.put(chunk, all);
    }
  }
}

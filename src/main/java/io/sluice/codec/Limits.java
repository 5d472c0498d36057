package io.sluice.codec;

/**
 * What a body and its events may be at most.
 *
 * @param maxEventBytes bytes of one event
 * @param maxEvents events in one body
 * @param maxDepth how deep objects and arrays may lie in each other, within one event
 * @param maxFaults how many faults are named before a body is given up, whatever its handling
 * @param distinctKeys whether no object of an event may have a key twice
 */
public record Limits(
    int maxEventBytes, int maxEvents, int maxDepth, int maxFaults, boolean distinctKeys) {
  /** 1 MiB an event, 100 000 events, 64 levels, 100 faults; a key may be there twice. */
  public static final Limits USUAL = new Limits(1 << 20, 100_000, 64, 100, false);

  public Limits {
    if (maxEventBytes < 1 || maxEvents < 1 || maxDepth < 1 || maxFaults < 1) {
      throw new IllegalArgumentException("limits are positive");
    }
  }

  public Limits withMaxEventBytes(int bytes) {
    return new Limits(bytes, maxEvents, maxDepth, maxFaults, distinctKeys);
  }

  public Limits withMaxEvents(int events) {
    return new Limits(maxEventBytes, events, maxDepth, maxFaults, distinctKeys);
  }

  public Limits withMaxDepth(int depth) {
    return new Limits(maxEventBytes, maxEvents, depth, maxFaults, distinctKeys);
  }

  public Limits withDistinctKeys(boolean distinct) {
    return new Limits(maxEventBytes, maxEvents, maxDepth, maxFaults, distinct);
  }
}

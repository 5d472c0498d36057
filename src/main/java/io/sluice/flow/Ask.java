package io.sluice.flow;

/**
 * Somebody wants to hold bytes of a lane.
 *
 * @param who equal for all that share one turn
 * @param has bytes that are held for the same content already
 * @param bytes how many more
 */
record Ask(Object who, long has, long bytes) {
  private static final Object ALONE = new Object();

  /** By the only party of a lane that has one. */
  static Ask alone(long bytes) {
    return new Ask(ALONE, 0, bytes);
  }

  /**
   * What has to stay free beside it, so that others with small content need not wait for large
   * content to come home: nothing beside small content itself, or where there would never be
   * enough.
   *
   * @param most the whole budget
   */
  long reserve(long most) {
    long reserve = Flow.reserve(most);
    return who == ALONE || bytes <= reserve / 4
        ? 0
        : Math.max(0, Math.min(reserve, most - has - bytes));
  }
}

package io.sluice.harness;

/**
 * How much a slow test does: all of it, or the short form when the system property {@code
 * sluice.slow} is {@code short}.
 */
public final class Effort {
  private Effort() {}

  /** Of two counts the one that holds. */
  public static int of(int full, int brief) {
    return "short".equals(System.getProperty("sluice.slow")) ? brief : full;
  }
}

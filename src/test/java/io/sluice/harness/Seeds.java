package io.sluice.harness;

import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Seeds for random tests, used as the source of a parameterized test so that a failure names its
 * seed: new ones in every run, or the one in the system property {@code sluice.seed}.
 */
public final class Seeds {
  private Seeds() {}

  public static LongStream fresh(int count) {
    Long asked = Long.getLong("sluice.seed");
    return asked == null ? new SplittableRandom().longs(count) : LongStream.of(asked);
  }
}

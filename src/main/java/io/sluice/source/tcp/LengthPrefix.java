package io.sluice.source.tcp;

import io.sluice.config.Check;
import io.sluice.config.Key;

/** The length in front of each record, unsigned. */
public record LengthPrefix(
    @Key(doc = "How many bytes it has: 1, 2, 4 or 8.", preset = "4") int bytes,
    @Key(doc = "Which of them comes first, the most significant or the least.", preset = "big")
        Order order) {
  /** Which byte of a number comes first. */
  public enum Order {
    BIG,
    LITTLE
  }

  public LengthPrefix {
    Check.that(
        bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8, "bytes", "must be 1, 2, 4 or 8");
  }
}

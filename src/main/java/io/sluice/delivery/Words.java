package io.sluice.delivery;

import java.time.Duration;

/** Durations as operators write them. */
final class Words {
  private Words() {}

  static String of(Duration duration) {
    long millis = duration.toMillis();
    if (millis > 0 && millis % 60_000 == 0) {
      return millis / 60_000 + "m";
    }
    return millis >= 10_000 || millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }
}

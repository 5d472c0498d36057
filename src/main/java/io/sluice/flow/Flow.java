package io.sluice.flow;

import io.vertx.core.Vertx;
import java.time.Duration;

/** What every lane and intake of a Vert.x instance needs once. */
public final class Flow {
  /** How often a lane says hello while it waits for credit or an answer. */
  static final Duration BEAT = Duration.ofSeconds(1);

  /** How many beats a lane with nothing to wait for lets pass between hellos. */
  static final int CALM = 5;

  /** After this long without a hello, a lane's credit goes home. */
  static final Duration SILENCE = Duration.ofSeconds(20);

  /** What large content leaves free on a lane that several parties share. Bytes. */
  private static final long RESERVE = 256 << 10;

  private Flow() {}

  /** What large content leaves free where the whole budget is so many bytes. */
  static long reserve(long most) {
    return Math.min(RESERVE, most / 16);
  }

  /**
   * Prepares a Vert.x instance; call it once for each, before the first lane or intake opens on it.
   *
   * @throws IllegalStateException when it was called before
   */
  public static void install(Vertx vertx) {
    ByReference.register(vertx);
  }
}

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

  private Flow() {}

  /**
   * Prepares a Vert.x instance; call it once for each, before the first lane or intake opens on it.
   *
   * @throws IllegalStateException when it was called before
   */
  public static void install(Vertx vertx) {
    ByReference.register(vertx);
  }
}

package io.sluice.connector;

import io.vertx.core.Future;
import java.util.Optional;

/** A source that can run. */
public interface Source {
  /** Takes events from now on. A start that fails leaves nothing behind. */
  Future<Void> start();

  /**
   * Stops taking, lets the taken reach its receipt, then lets go. Legal twice and before start.
   *
   * @return completes when every request that was begun is answered, or the time given to the
   *     context ran out
   */
  Future<Void> stop();

  /**
   * Takes nobody new, as another one has come in its place; whoever is connected goes on as before
   * until they leave, or it is {@linkplain #stop stopped}.
   *
   * @return completes when nobody is left, and everything is let go of
   */
  default Future<Void> retire() {
    return stop();
  }

  /** The way to tell it when to ask; empty where clients take the initiative. */
  default Optional<Steering> steering() {
    return Optional.empty();
  }
}

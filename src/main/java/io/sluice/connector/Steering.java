package io.sluice.connector;

import io.vertx.core.Future;
import java.util.Optional;

/**
 * The way to tell a source that takes the initiative when to take it. Any thread; nothing of it
 * outlives the process.
 */
public interface Steering {
  /** Asks nothing from now on, and ends what is under way where it can be continued. */
  Future<Void> pause();

  /** Goes on as configured; also looks again at what had brought it to a halt. */
  Future<Void> resume();

  /**
   * Asks once now, whenever it would have asked by itself; even when it is paused.
   *
   * @return empty when that was begun, or else a sentence that says why not
   */
  Future<Optional<String>> ask();

  /** How it stands. */
  Standing standing();
}

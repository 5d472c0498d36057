package io.sluice.control;

import io.vertx.core.Future;
import java.util.Optional;

/**
 * Where operators come in: no part of what takes and gives events, but reloaded with it. Called by
 * one reload after the other.
 *
 * @param <A> its settings
 */
public interface OperatorDoor<A> {
  /**
   * Gets everything that other settings need, beside what runs.
   *
   * @return fails with what could not be had, and then everything is as it was
   */
  Future<Change> prepare(A desired);

  /** What was got ready: either taken or let go, once. */
  interface Change {
    /** What it does; empty when there is nothing to do. */
    Optional<PlanStep> step();

    /** Goes over to it; what is over answers what it has begun to answer. */
    void take();

    /** Stays with what runs. */
    void letGo();
  }
}

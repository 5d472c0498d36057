package io.sluice.connector;

import io.vertx.core.Future;
import io.vertx.core.Promise;

/**
 * The right to poll a source, together with its cursor: one record, so that nobody moves a cursor
 * who may not poll. Confined to the event loop that acquired it, where the futures complete.
 */
public interface Lease {
  /** Who holds it for the how-manieth time; grows with each holder. */
  long term();

  /** How far the source was read when the lease was acquired, or last committed. */
  Cursor cursor();

  /**
   * Whether it may be used at this moment, by the monotonic clock: a process that stood still finds
   * out here, before anything tells it. Any thread; cheap.
   */
  default boolean valid() {
    return true;
  }

  /**
   * Moves the cursor, durably.
   *
   * @return fails with {@link LeaseLostException} when somebody else holds the lease by now, and
   *     with an I/O failure when it could not be written: the cursor stays where it is then, and
   *     committing again is worth a try
   */
  Future<Void> commit(Cursor cursor);

  /**
   * Completes when the lease was lost, to somebody else or because it could not be renewed; never,
   * for some kinds.
   */
  Future<Void> lost();

  /**
   * Completes when somebody else should have the lease, and waits for it: it is to be released once
   * nothing is under way. Never, for some kinds.
   */
  default Future<Void> wanted() {
    return Promise.<Void>promise().future();
  }

  /** Lets somebody else have it. Legal twice; never fails. */
  Future<Void> release();
}

package io.sluice.connector;

import io.vertx.core.Future;

/**
 * An upstream, and the way to ask it what is new. Everything around it (timer, overlap, retry,
 * politeness, the cursor and who may move it, metrics) is the gateway's and written once; a
 * connector speaks its protocol and says what came of it.
 *
 * <p>All methods are called on one event loop, and their futures complete there. {@code poll} is
 * never called again before an earlier call has completed, and never after {@code close}: the
 * gateway makes another one then.
 */
public interface Poll {
  /**
   * Reads what lies behind the cursor and hands it over as it comes, batch by batch.
   *
   * <p>Ends soon after the first {@link Intake#put} that fails, whose failure it passes on, and
   * soon after {@link #close}. Holds no more of the upstream in memory than one batch, whatever the
   * upstream sends.
   *
   * @return what it came to; fails with {@link PollException} where the upstream is at fault
   */
  Future<Polled> poll(Cursor from, Intake into);

  /** Ends a poll that is under way, and lets go. Legal twice and without a poll. */
  Future<Void> close();
}

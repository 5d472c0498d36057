package io.sluice.auth;

import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a connection from being read while its party is over quota, where the protocol has no
 * answer for that. Confined to the connection's event loop.
 */
public final class Brake {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long NONE = -1;

  private final Vertx vertx;
  private final Quota quota;
  private final String party;
  private final Runnable released;
  private long timer = NONE;

  /**
   * A brake that is off.
   *
   * @param released called when it is off again
   */
  public Brake(Vertx vertx, Quota quota, String party, Runnable released) {
    this.vertx = vertx;
    this.quota = quota;
    this.party = party;
    this.released = released;
  }

  /** So much came; nothing at all asks only how things stand. */
  public void came(long events, long bytes) {
    if (quota.isSet()) {
      long wait = quota.take(party, events, bytes);
      if (wait > 0 && timer == NONE) {
        hold(wait);
      }
    }
  }

  private void hold(long nanos) {
    timer = vertx.setTimer((nanos + MILLI - 1) / MILLI, over -> lookAgain());
  }

  /** More may have come meanwhile, here or on another connection. */
  private void lookAgain() {
    timer = NONE;
    long wait = quota.take(party, 0, 0);
    if (wait > 0) {
      hold(wait);
    } else {
      released.run();
    }
  }

  /** Whether nothing should be read. */
  public boolean isOn() {
    return timer != NONE;
  }

  /** Releases nothing any more. */
  public void close() {
    if (timer != NONE) {
      vertx.cancelTimer(timer);
      timer = NONE;
    }
  }
}

package io.sluice.flow;

import io.sluice.flow.Message.Grant;
import io.sluice.flow.Message.Recall;

/**
 * What one lane was granted and what it did with it. Bytes.
 *
 * <p>Never spends beyond its limit, and never gives back what is spent or held. Knows no bus and no
 * clock; confined to its lane's event loop.
 */
final class Purse {
  private long session;
  private long version;
  private long limit;
  private long spent;
  private long held;
  private long most = Long.MAX_VALUE;

  long session() {
    return session;
  }

  long version() {
    return version;
  }

  long limit() {
    return limit;
  }

  long spent() {
    return spent;
  }

  /** Set aside for content that is not offered yet. */
  long held() {
    return held;
  }

  /** The heaviest content the receiver can ever take. */
  long most() {
    return most;
  }

  /**
   * Granted, and neither spent nor held. Negative after a new session that granted less than is
   * held.
   */
  long free() {
    return limit - spent - held;
  }

  /**
   * Takes a grant of the present session.
   *
   * @return whether it was news
   */
  boolean take(Grant grant) {
    if (grant.session() != session || grant.version() <= version) {
      return false;
    }
    version = grant.version();
    limit = grant.limit();
    most = grant.most();
    return true;
  }

  /**
   * Starts over with a receiver that does not know what was spent before; what is held stays held.
   */
  void restart(Grant grant) {
    session = grant.session();
    version = grant.version();
    limit = grant.limit();
    most = grant.most();
    spent = 0;
  }

  /**
   * Lowers the limit as far as asked and possible.
   *
   * @return whether anything was given back
   */
  boolean giveBack(Recall recall) {
    long lowered = Math.max(recall.limit(), spent + held + recall.reserve());
    if (recall.session() != session || lowered >= limit) {
      return false;
    }
    limit = lowered;
    return true;
  }

  /** The limit at which an ask can be met. */
  long wanted(Ask ask) {
    return spent + held + ask.bytes() + ask.reserve(most);
  }

  /** Meets an ask, if that is possible now. */
  boolean hold(Ask ask) {
    if (wanted(ask) > limit) {
      return false;
    }
    held += ask.bytes();
    return true;
  }

  void unhold(long bytes) {
    if (bytes > held) {
      throw new IllegalStateException("gives back " + bytes + " bytes of " + held + " held");
    }
    held -= bytes;
  }

  /**
   * Whether that much may be spent; false only after a new session that granted less than is held.
   */
  boolean covers(long bytes) {
    return limit - spent >= bytes;
  }

  /**
   * Turns held bytes into spent ones.
   *
   * @return where the spending began
   */
  long spend(long bytes) {
    if (!covers(bytes)) {
      throw new IllegalStateException(
          "spends " + bytes + " bytes with " + (limit - spent) + " granted");
    }
    unhold(bytes);
    long from = spent;
    spent += bytes;
    return from;
  }
}

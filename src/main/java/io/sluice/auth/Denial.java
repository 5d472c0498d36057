package io.sluice.auth;

/** Why somebody is not let in. */
public enum Denial {
  /** Nothing was shown that is known here. */
  UNKNOWN(401, false),
  /** What was shown proves nothing. */
  WRONG(401, true),
  /** What was shown proved something once. */
  EXPIRED(401, true),
  /** What was shown has been used already, and may be used once. */
  REPLAYED(401, true),
  /** It is clear who it is, and that they may not. */
  FORBIDDEN(403, true),
  /** Too much was tried from this address; nothing was looked at. */
  TOO_MANY(429, false),
  /** It cannot be told at the moment, because the keys to check with are not here. */
  UNSURE(503, false);

  private final int status;
  private final boolean failure;

  Denial(int status, boolean failure) {
    this.status = status;
    this.failure = failure;
  }

  /** The HTTP status that says so. */
  public int status() {
    return status;
  }

  /** Whether it may have been a guess. */
  boolean failure() {
    return failure;
  }
}

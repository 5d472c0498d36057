package io.sluice.auth;

import java.util.concurrent.TimeUnit;

/**
 * A token bucket that may be overdrawn: who takes more than there is waits until it is made good,
 * so that the rate holds whatever the size of a single taking. Confined to its quota's lock.
 */
final class Bucket {
  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  private final long perSecond;
  private final double most;
  private double tokens;
  private long at;

  /** A full one. */
  Bucket(long perSecond, long most, long now) {
    this.perSecond = perSecond;
    this.most = most;
    this.tokens = most;
    this.at = now;
  }

  private void fill(long now) {
    tokens = Math.min(most, tokens + (now - at) / NANOS * perSecond);
    at = now;
  }

  /** Takes, or gives back when negative. */
  void take(long number, long now) {
    fill(now);
    tokens = Math.min(most, tokens - number);
  }

  /** Nanoseconds until there is one to take; 0 if there is now. */
  long untilAny(long now) {
    fill(now);
    return tokens >= 1 ? 0 : time(1);
  }

  /** Nanoseconds until it is full. */
  long full(long now) {
    fill(now);
    return time(most);
  }

  private long time(double number) {
    return (long) Math.ceil(Math.max(0d, number - tokens) / perSecond * NANOS);
  }

  /** How many could be taken; 0 when it is overdrawn. */
  long left(long now) {
    fill(now);
    return (long) Math.max(0d, tokens);
  }

  long most() {
    return (long) most;
  }
}

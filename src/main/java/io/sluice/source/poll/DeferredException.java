package io.sluice.source.poll;

import java.time.Duration;

/** It is not the time to ask. Nobody's fault, hence without a stack trace. */
final class DeferredException extends RuntimeException {
  private final String reason;
  private final Duration wait;

  DeferredException(String reason, String detail, Duration wait) {
    super(detail, null, false, false);
    this.reason = reason;
    this.wait = wait;
  }

  /** One of a fixed set: a metric's label. */
  String reason() {
    return reason;
  }

  /** When it is. */
  Duration pause() {
    return wait;
  }
}

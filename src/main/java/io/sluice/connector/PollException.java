package io.sluice.connector;

import java.time.Duration;

/** A poll came to nothing, or broke off. Carries no stack trace: upstreams that fail are normal. */
public final class PollException extends RuntimeException {
  private final String reason;
  private final boolean lasting;
  private final Duration pause;

  private PollException(String reason, String detail, boolean lasting, Duration pause) {
    super(detail, null, false, false);
    this.reason = reason;
    this.lasting = lasting;
    this.pause = pause;
  }

  /**
   * Something that may be well again soon.
   *
   * @param reason one of a fixed set, in kebab case: a metric's label
   * @param detail one sentence for the operator, without secrets
   */
  public static PollException passing(String reason, String detail) {
    return new PollException(reason, detail, false, Duration.ZERO);
  }

  /**
   * Something that stays until somebody does something about it, like credentials; otherwise like
   * {@link #passing}.
   */
  public static PollException lasting(String reason, String detail) {
    return new PollException(reason, detail, true, Duration.ZERO);
  }

  /** The same, of an upstream that said how long it wants to be left alone. */
  public PollException pausing(Duration pause) {
    return new PollException(reason, String.valueOf(getMessage()), lasting, pause);
  }

  public String reason() {
    return reason;
  }

  /** Whether trying again soon would not help. */
  public boolean isLasting() {
    return lasting;
  }

  /** How long the upstream wants to be left alone; zero when it did not say. */
  public Duration pause() {
    return pause;
  }
}

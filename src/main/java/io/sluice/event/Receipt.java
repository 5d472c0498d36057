package io.sluice.event;

import java.time.Duration;

/** The answer for one batch. */
public sealed interface Receipt {
  /**
   * The batch is kept.
   *
   * @param ack what was true when this was said; may be more or less than was asked for
   * @param events how many events of the batch were taken as new
   * @param duplicates how many were left out because the stream has them already
   */
  record Kept(Ack ack, int events, int duplicates) implements Receipt {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.kept(this);
    }
  }

  /**
   * The batch is not promised to be kept.
   *
   * @param why the reason, one of a fixed set
   * @param retryAfter when it is worth trying again; zero where nobody can tell
   * @param detail one sentence for the client
   */
  record Refused(Refusal why, Duration retryAfter, String detail) implements Receipt {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.refused(this);
    }
  }

  /** What a reader of a receipt has to answer. */
  interface Cases<R> {
    R kept(Kept kept);

    R refused(Refused refused);
  }

  <R> R fold(Cases<R> cases);
}

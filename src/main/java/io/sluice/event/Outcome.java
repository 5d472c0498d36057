package io.sluice.event;

import java.time.Duration;

/**
 * What one attempt to deliver came to. Of several the worst holds: stored, then retry, then
 * refused. An attempt that never says counts as retry.
 */
public sealed interface Outcome {
  /** The destination has it, as durably as the connector promises. */
  record Stored() implements Outcome {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.stored();
    }
  }

  /**
   * Not now.
   *
   * @param notBefore the least time to wait, zero when the destination did not ask for any
   * @param why one sentence for the operator, without payload or secret
   */
  record Retry(Duration notBefore, String why) implements Outcome {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.retry(this);
    }
  }

  /**
   * Never: the destination cannot take these events as they are.
   *
   * @param why one sentence for the operator, without payload or secret
   */
  record Refused(String why) implements Outcome {
    @Override
    public <R> R fold(Cases<R> cases) {
      return cases.refused(this);
    }
  }

  /** What a reader of an outcome has to answer. */
  interface Cases<R> {
    R stored();

    R retry(Retry again);

    R refused(Refused no);
  }

  <R> R fold(Cases<R> cases);

  static Outcome stored() {
    return new Stored();
  }

  static Outcome retry(String why) {
    return new Retry(Duration.ZERO, why);
  }

  static Outcome retry(Duration notBefore, String why) {
    return new Retry(notBefore, why);
  }

  static Outcome refused(String why) {
    return new Refused(why);
  }

  /** The worse of the two. */
  default Outcome and(Outcome other) {
    return severity() >= other.severity() ? this : other;
  }

  private int severity() {
    return fold(
        new Cases<Integer>() {
          @Override
          public Integer stored() {
            return 0;
          }

          @Override
          public Integer retry(Retry again) {
            return 1;
          }

          @Override
          public Integer refused(Refused no) {
            return 2;
          }
        });
  }
}

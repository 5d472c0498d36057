package io.sluice.source.poll;

import java.time.Duration;
import java.util.Optional;

/**
 * What keeps a source from asking though its time has come. Confined to the event loop of the
 * source.
 */
final class Gate {
  private final Timers timers;
  private final Turns turns;
  private final Optional<Silence> silence;
  private String reason = "";
  private long until;
  private boolean standingBy;

  /**
   * Nothing is in the way.
   *
   * @param turns knows whether the source may make requests
   * @param silence whom the source waits for to be silent
   */
  Gate(Timers timers, Turns turns, Optional<Silence> silence) {
    this.timers = timers;
    this.turns = turns;
    this.silence = silence;
    this.until = timers.nanos();
  }

  /** Is in the way for so long, unless something else is for longer. */
  void hold(Duration wait, String why) {
    long then = timers.nanos() + wait.toNanos();
    if (then - until > 0) {
      until = then;
      reason = why;
    }
  }

  /** Whatever held it does no more. */
  void open() {
    until = timers.nanos();
  }

  /** What is in the way, one of a fixed set. */
  Optional<String> hindrance() {
    standingBy = silence.map(other -> !other.at(timers.nanos())).orElse(false);
    if (standingBy) {
      return Optional.of("standby");
    }
    Duration budget = turns.untilAllowed();
    if (!budget.isZero()) {
      hold(budget, "hourly-budget");
    }
    return held().isZero() ? Optional.empty() : Optional.of(reason);
  }

  /** For how long it is held; zero when it is not. */
  Duration held() {
    return Duration.ofNanos(Math.max(0, until - timers.nanos()));
  }

  /** Whether a push source was not silent when that was last looked at. */
  boolean standingBy() {
    return standingBy;
  }
}

package io.sluice.report;

import io.sluice.connector.Counterpart;
import io.sluice.connector.Every;
import java.time.Duration;
import java.util.Optional;

/**
 * A source, as advice needs to know it.
 *
 * @param every when it polls; empty where clients push
 * @param interval how long it waits at the moment between two polls, where that is fixed or learnt
 * @param counterpart the push source it goes by
 * @param trouble what is wrong with it, one sentence
 * @param silent for how long it brought nothing; empty when it never did
 */
public record Subject(
    String name,
    String type,
    String to,
    Optional<Every> every,
    Optional<Duration> interval,
    Optional<Counterpart> counterpart,
    Optional<String> trouble,
    Optional<Duration> silent) {

  /** Whether it takes the initiative. */
  public boolean pulls() {
    return every.isPresent();
  }

  /** The push source whose misses it looks for. */
  Optional<String> reconciles() {
    return counterpart.filter(Counterpart::comparing).map(Counterpart::source);
  }
}

package io.sluice.report;

import java.time.Instant;
import java.util.List;

/**
 * What every source came to, up to a moment.
 *
 * @param at the moment
 */
public record Report(Instant at, List<Line> lines) {
  public Report {
    lines = List.copyOf(lines);
  }

  /**
   * One source.
   *
   * @param advice what to make of it, one sentence
   */
  public record Line(Subject subject, Account account, String advice) {
    public static Line of(Subject subject, Account account) {
      return new Line(subject, account, Advice.on(subject, account.now()));
    }
  }
}

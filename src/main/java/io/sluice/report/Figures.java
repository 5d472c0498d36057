package io.sluice.report;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * What a source came to over some time.
 *
 * @param since from when on
 * @param span for how long
 */
public record Figures(Instant since, Duration span, Counts counts) {
  public long of(Item item) {
    return counts.of(item);
  }

  /** Polls that were answered. */
  public long answered() {
    return of(Item.NEW) + of(Item.KNOWN) + of(Item.EMPTY);
  }

  /** Polls that found nothing, as a share of those that were answered. */
  public OptionalDouble emptyShare() {
    return share(of(Item.EMPTY), answered());
  }

  /** Polls that left more behind, as a share of those that were answered. */
  public OptionalDouble moreShare() {
    return share(of(Item.MORE), answered());
  }

  /** Polls that failed, as a share of those and the answered ones. */
  public OptionalDouble failedShare() {
    return share(of(Item.FAILED), answered() + of(Item.FAILED));
  }

  /** Events that were known, as a share of all that were brought. */
  public OptionalDouble duplicateShare() {
    return share(of(Item.DUPLICATES), of(Item.EVENTS) + of(Item.DUPLICATES));
  }

  /** Empty too where there is nobody to request anything of, as with files. */
  public OptionalDouble requestsPerEvent() {
    return of(Item.REQUESTS) == 0
        ? OptionalDouble.empty()
        : share(of(Item.REQUESTS), of(Item.EVENTS));
  }

  /** How many of something there would be in an hour at the same rate. */
  public double anHour(Item item) {
    double hours = span.toNanos() / (double) Duration.ofHours(1).toNanos();
    return hours <= 0 ? 0 : of(item) / hours;
  }

  private static OptionalDouble share(long part, long whole) {
    return whole <= 0 ? OptionalDouble.empty() : OptionalDouble.of(part / (double) whole);
  }
}

package io.sluice.report;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How old events were when they were stored, as a histogram knows it.
 *
 * @param count how many there are
 * @param nanos the sum of their ages
 * @param within how many of them are not older than so many nanoseconds; what is older than the
 *     largest of these stands nowhere
 */
public record Ages(long count, double nanos, SortedMap<Long, Long> within) {
  /** None. */
  public static final Ages NONE = new Ages(0, 0, Collections.emptySortedMap());

  public Ages {
    within = Collections.unmodifiableSortedMap(new TreeMap<>(within));
  }

  Ages plus(Ages more) {
    return with(more, 1);
  }

  /** What came to these after there were {@code before}. */
  Ages minus(Ages before) {
    return with(before, -1);
  }

  private Ages with(Ages other, int sign) {
    SortedMap<Long, Long> sum = new TreeMap<>(within);
    other.within.forEach((bound, events) -> sum.merge(bound, sign * events, Long::sum));
    return new Ages(count + sign * other.count, nanos + sign * other.nanos, sum);
  }

  /** The mean; empty where there are none. */
  public Optional<Duration> mean() {
    return count <= 0 ? Optional.empty() : Optional.of(Duration.ofNanos((long) (nanos / count)));
  }

  /**
   * The age that a share of them does not exceed: exact to a bucket of the histogram, and between
   * its bounds as if they were spread evenly. At most the largest bound.
   *
   * @param share above 0, up to 1
   */
  public Optional<Duration> quantile(double share) {
    if (count <= 0) {
      return Optional.empty();
    }
    double rank = share * count;
    long bound = 0;
    long below = 0;
    for (Map.Entry<Long, Long> bucket : within.entrySet()) {
      long inside = bucket.getValue() - below;
      if (bucket.getValue() >= rank && inside > 0) {
        double part = (rank - below) / inside;
        return Optional.of(Duration.ofNanos(bound + (long) (part * (bucket.getKey() - bound))));
      }
      bound = bucket.getKey();
      below = bucket.getValue();
    }
    return Optional.of(Duration.ofNanos(bound));
  }
}

package io.sluice.cli.load;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What came of a run.
 *
 * @param measured how long was measured
 * @param requests answers that came while measuring, whatever their status; without receipts,
 *     requests written
 * @param events events in requests answered 2xx while measuring; without receipts, in those written
 * @param bytes body bytes of those
 * @param eventsSinceOpened the same, and those answered after the end of the measured time
 * @param eventsEver the same, and those of the warm-up: everything the server said yes to
 * @param eventsSent events in all requests written, answered or not
 * @param late requests that were due before the end and sent after it, for want of a free
 *     connection; open loop only
 * @param unsent requests that were due before the end and never sent; open loop only
 * @param latency nanoseconds from when a request was to be sent to the end of its answer, for
 *     requests to be sent while measuring; those without an answer count with their age at the end
 * @param statuses answers by status, while measuring
 * @param errors requests without an answer, and failed connections, by reason, over the whole run
 */
public record LoadResult(
    Duration measured,
    long requests,
    long events,
    long bytes,
    long eventsSinceOpened,
    long eventsEver,
    long eventsSent,
    long late,
    long unsent,
    Histogram latency,
    Map<Integer, Long> statuses,
    Map<String, Long> errors) {

  static LoadResult of(Tally tally, int eventBytes) {
    Map<Integer, Long> statuses = new TreeMap<>();
    for (int status = LoadLoop.WRITTEN + 1; status < tally.statuses.length; status++) {
      if (tally.statuses[status] > 0) {
        statuses.put(status, tally.statuses[status]);
      }
    }
    return new LoadResult(
        Duration.ofNanos(tally.measuredNanos),
        tally.requests,
        tally.accepted,
        tally.accepted * eventBytes,
        tally.acceptedSinceOpened,
        tally.acceptedEver,
        tally.sentEver,
        tally.late,
        tally.unsent,
        tally.latency,
        statuses,
        tally.errors);
  }

  /** Latency at a percentile, in milliseconds. */
  public double millisAt(double percentile) {
    return latency.getValueAtPercentile(percentile) / 1e6;
  }

  /** The given count a second. */
  public double perSecond(long count) {
    return count * 1e9 / Math.max(1, measured.toNanos());
  }
}

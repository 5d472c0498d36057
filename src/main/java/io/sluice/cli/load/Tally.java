package io.sluice.cli.load;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What one loop counts; confined to its thread until the loop has ended. */
final class Tally {
  private static final long HIGHEST_NANOS = 3_600_000_000_000L;

  final Histogram latency = new Histogram(1_000, HIGHEST_NANOS, 3);
  final long[] statuses = new long[1000];
  final Map<String, Long> errors = new TreeMap<>();
  long requests;
  long accepted;
  long acceptedSinceOpened;
  long acceptedEver;
  long sentEver;
  long late;
  long unsent;
  long measuredNanos;

  void latency(long nanos) {
    latency.recordValue(Math.min(Math.max(nanos, 0), HIGHEST_NANOS));
  }

  void error(String reason, long count) {
    if (count > 0) {
      errors.merge(reason, count, Long::sum);
    }
  }

  void add(Tally other) {
    latency.add(other.latency);
    for (int status = 0; status < statuses.length; status++) {
      statuses[status] += other.statuses[status];
    }
    other.errors.forEach(this::error);
    requests += other.requests;
    accepted += other.accepted;
    acceptedSinceOpened += other.acceptedSinceOpened;
    acceptedEver += other.acceptedEver;
    sentEver += other.sentEver;
    late += other.late;
    unsent += other.unsent;
    measuredNanos = Math.max(measuredNanos, other.measuredNanos);
  }
}

package io.sluice.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The measurements of one workload on one server. */
final class Series {
  private final String name;
  private final List<Measurement> measurements = new ArrayList<>();

  Series(String name) {
    this.name = name;
  }

  void add(Measurement measurement) {
    measurements.add(measurement);
    System.out.printf(
        Locale.ROOT,
        "  %-24s %8.3f us/event (compiling %2.0f %%) %,11.0f events/s   p50 %7.2f ms   p99 %7.2f ms"
            + "   %s %s%n",
        name,
        measurement.microsPerEvent(),
        100 * measurement.compiling(),
        measurement.eventsPerSecond(),
        measurement.p50(),
        measurement.p99(),
        measurement.result().statuses(),
        measurement.result().errors().isEmpty() ? "" : measurement.result().errors());
  }

  double micros() {
    return median(Measurement::microsPerEvent);
  }

  double eventsPerSecond() {
    return median(Measurement::eventsPerSecond);
  }

  double p99() {
    return median(Measurement::p99);
  }

  /** One line of the closing table. */
  String row(double bare, double target) {
    double ratio = micros() / bare;
    String verdict =
        Double.isNaN(target)
            ? ""
            : String.format(Locale.ROOT, "<= %.3f %s", target, ratio <= target ? "" : "MISSED");
    return String.format(
        Locale.ROOT,
        "%-24s %8.3f %8.3f  %-16s %,11.0f %9.2f",
        name,
        micros(),
        ratio,
        verdict,
        eventsPerSecond(),
        p99());
  }

  private double median(ToDoubleFunction<Measurement> of) {
    double[] sorted = measurements.stream().mapToDouble(of).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}

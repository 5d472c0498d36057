package io.sluice.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.cli.load.Load;
import io.sluice.cli.load.LoadResult;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What {@code sluice bench} prints; the JSON has these names, and milliseconds for latencies.
 *
 * @param mode {@code closed} or {@code open}
 * @param late requests that were due and found no free connection before the end, open loop only
 * @param unsent those that found none after it either, open loop only
 * @param sent events written, with the warm-up
 * @param accepted those of them that were said to be taken
 */
record BenchReport(
    String to,
    String mode,
    int connections,
    int pipeline,
    int batch,
    int size,
    double seconds,
    double eventsPerSecond,
    double requestsPerSecond,
    double megabytesPerSecond,
    Latency latencyMillis,
    Map<Integer, Long> statuses,
    Map<String, Long> errors,
    long late,
    long unsent,
    long sent,
    long accepted) {

  record Latency(double p50, double p90, double p99, double p999, double max) {}

  static BenchReport of(Load load, LoadResult result) {
    return new BenchReport(
        load.target().url().toString(),
        load.rate().isPresent() ? "open" : "closed",
        load.connections(),
        load.pipeline(),
        load.batch(),
        load.size(),
        result.measured().toMillis() / 1000.0,
        tenths(result.perSecond(result.events())),
        tenths(result.perSecond(result.requests())),
        tenths(result.perSecond(result.bytes()) / 1e6),
        new Latency(
            micros(result.millisAt(50)),
            micros(result.millisAt(90)),
            micros(result.millisAt(99)),
            micros(result.millisAt(99.9)),
            micros(result.millisAt(100))),
        result.statuses(),
        result.errors(),
        result.late(),
        result.unsent(),
        result.eventsSent(),
        load.receipts() ? result.eventsEver() : 0);
  }

  private static double tenths(double value) {
    return Math.round(value * 10) / 10.0;
  }

  private static double micros(double millis) {
    return Math.round(millis * 1000) / 1000.0;
  }

  String json() {
    try {
      return JsonMapper.builder().build().writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report of plain values did not become JSON", e);
    }
  }

  String table() {
    StringBuilder out = new StringBuilder();
    line(out, "target", "%s", to);
    line(
        out,
        "load",
        "%s loop, %d connections, %d a request, events of %d bytes, %.1f s",
        mode,
        connections,
        batch,
        size,
        seconds);
    line(out, "events/s", "%,.0f", eventsPerSecond);
    line(out, "requests/s", "%,.0f", requestsPerSecond);
    line(out, "MB/s", "%,.1f", megabytesPerSecond);
    line(
        out,
        "latency ms",
        "p50 %.3f   p90 %.3f   p99 %.3f   p99.9 %.3f   max %.3f",
        latencyMillis.p50(),
        latencyMillis.p90(),
        latencyMillis.p99(),
        latencyMillis.p999(),
        latencyMillis.max());
    line(out, "answers", "%s", counts(statuses));
    line(out, "errors", "%s", counts(errors));
    if (late > 0) {
      line(out, "late", "%,d requests found no free connection before the end", late);
    }
    if (unsent > 0) {
      line(out, "unsent", "%,d requests were due and never found a free connection", unsent);
    }
    line(out, "accepted", "%,d of %,d events sent, with the warm-up", accepted, sent);
    return out.toString().stripTrailing();
  }

  private static String counts(Map<?, Long> counts) {
    return counts.isEmpty()
        ? "none"
        : counts.entrySet().stream()
            .map(entry -> String.format(Locale.ROOT, "%s x %,d", entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", "));
  }

  private static void line(StringBuilder out, String name, String format, Object... values) {
    out.append(String.format(Locale.ROOT, "%-11s", name))
        .append(String.format(Locale.ROOT, format, values))
        .append(System.lineSeparator());
  }
}

package io.sluice.source.poll.directory;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Metric;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** What can happen to a directory source. Used by one thread at a time. */
final class DirectoryTelemetry {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryTelemetry.class);
  private static final long LINE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final String source;
  private final MeterRegistry meters;
  private final Map<String, Long> logged = new HashMap<>();

  DirectoryTelemetry(String source, MeterRegistry meters) {
    this.source = source;
    this.meters = meters;
  }

  /** A line was left out. */
  void tooLong(String file, long offset) {
    refused("too-long");
    if (due("too-long")) {
      line(file).addKeyValue("offset", offset).log("line left out: longer than maxEventBytes");
    }
  }

  /** A compressed file is damaged, or not all there. */
  void broken(String file) {
    refused("broken-file");
    line(file).log("compressed file is broken, not read until it changes");
  }

  void unreadable(String file, String why) {
    refused("unreadable");
    if (due("unreadable")) {
      line(file).addKeyValue("why", why).log("file cannot be read");
    }
  }

  /** It is read from the start. */
  void truncated(String file, long size, long offset) {
    line(file)
        .addKeyValue("size", size)
        .addKeyValue("offset", offset)
        .log("file was truncated, read from its start");
  }

  /** It is read from the start. */
  void replaced(String file) {
    line(file).log("file holds other bytes than before, read from its start");
  }

  /** What was to happen after its end did not. */
  void stays(String file, String why) {
    refused("after-failed");
    if (due("after-failed")) {
      line(file).addKeyValue("why", why).log("file that was read cannot be moved or deleted");
    }
  }

  private void refused(String reason) {
    Metric.REFUSED.counter(meters, Label.SOURCE.of(source), Label.REASON.of(reason)).increment();
  }

  /** What anybody who writes files can cause is logged once in a while. */
  private boolean due(String reason) {
    long now = System.nanoTime();
    Long last = logged.get(reason);
    if (last != null && now - last < LINE_EVERY_NANOS) {
      return false;
    }
    logged.put(reason, now);
    return true;
  }

  private LoggingEventBuilder line(String file) {
    return LOG.atWarn().addKeyValue("source", source).addKeyValue("file", file);
  }
}

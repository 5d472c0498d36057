package io.sluice.sink.file;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Metric;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can happen to a file sink, as log lines and meters. For any thread. */
final class FileSinkTelemetry {
  private static final Logger LOG = LoggerFactory.getLogger(FileSinkTelemetry.class);

  private final String sink;
  private final Timer commits;
  private final Counter files;

  FileSinkTelemetry(String sink, MeterRegistry meters) {
    this.sink = sink;
    this.commits = Metric.SINK_COMMIT.timer(meters, Label.SINK.of(sink));
    this.files = Metric.SINK_FILES_OPENED.counter(meters, Label.SINK.of(sink));
  }

  void opened(Place place) {
    files.increment();
    LOG.atTrace()
        .addKeyValue("sink", sink)
        .addKeyValue("file", place.file())
        .addKeyValue("bytes", place.length())
        .log("file opened");
  }

  void committed(long nanos, long bytes) {
    commits.record(nanos, TimeUnit.NANOSECONDS);
    LOG.atTrace().addKeyValue("sink", sink).addKeyValue("bytes", bytes).log("files committed");
  }

  void cut(Path file, long from, long to) {
    LOG.atInfo()
        .addKeyValue("sink", sink)
        .addKeyValue("file", file)
        .addKeyValue("bytes", from)
        .addKeyValue("kept", to)
        .log("file cut back to what was committed");
  }

  void shorter(Path file, long bytes, long committed) {
    LOG.atWarn()
        .addKeyValue("sink", sink)
        .addKeyValue("file", file)
        .addKeyValue("bytes", bytes)
        .addKeyValue("committed", committed)
        .log("file is shorter than was committed: somebody else changed or removed it");
  }

  void movedAway(Path file) {
    LOG.atInfo()
        .addKeyValue("sink", sink)
        .addKeyValue("file", file)
        .log("file was moved or removed, beginning a new one");
  }

  void closeFailed(Path file, Exception failure) {
    LOG.atDebug()
        .addKeyValue("sink", sink)
        .addKeyValue("file", file)
        .setCause(failure)
        .log("file did not close");
  }
}

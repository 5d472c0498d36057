package io.sluice.cli;

import io.sluice.cli.load.Load;
import io.sluice.cli.load.LoadDriver;
import io.sluice.cli.load.LoadResult;
import io.sluice.cli.load.Probe;
import io.sluice.cli.target.Protocol;
import io.sluice.cli.target.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code sluice bench}: drives a gateway at a given or the highest rate and says what came of it.
 *
 * <p>Exit code 0 when events were accepted, 1 when none was, 2 for wrong usage.
 */
@Command(
    name = "bench",
    description = "Drives a gateway at a given or the highest rate, and measures.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class BenchCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private Destination destination;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = DurationText.class,
      description = "Time measured (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private Duration duration;

  @Option(
      names = "--warmup",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = DurationText.class,
      description = "Time driven before that (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private Duration warmup;

  @Option(
      names = "--rate",
      paramLabel = "EVENTS",
      description = {
        "Events a second on a constant schedule, whatever the answers; latency counts from",
        "when a request was due. Without it, each connection sends when it was answered."
      })
  private @Nullable Double rate;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "64",
      description = "Keep-alive connections (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--pipeline",
      paramLabel = "N",
      defaultValue = "1",
      description = "Requests in flight on a connection (default: ${DEFAULT-VALUE}).")
  private int pipeline;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1",
      description = {
        "Events in a request; over HTTP more than one are NDJSON, else that many are written at",
        "once (default: ${DEFAULT-VALUE})."
      })
  private int batch;

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      defaultValue = "200",
      description = "Size of an event, a JSON object of six fields (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--prefer",
      paramLabel = "PREFERENCE",
      description = "For example ack=stored, ack=delivered, return=minimal.")
  private @Nullable String prefer;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads that drive (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--no-receipts",
      description = {
        "For sources that say nothing: over WebSocket without sluice.v1, over TCP without",
        "receipts. A request then counts when it is written."
      })
  private boolean silent;

  @Option(names = "--json", description = "Print one JSON object instead of a table.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    Load load = load();
    LoadResult result;
    try {
      result = LoadDriver.run(load, Probe.NONE);
    } catch (IOException e) {
      spec.commandLine()
          .getErr()
          .println("no connection to " + load.target().url() + ": " + e.getMessage());
      return 1;
    }
    BenchReport report = BenchReport.of(load, result);
    spec.commandLine().getOut().println(json ? report.json() : report.table());
    spec.commandLine().getOut().flush();
    return result.events() > 0 ? 0 : 1;
  }

  private Load load() {
    Target to = destination.target();
    List<String> lines = new ArrayList<>(destination.headers());
    if (prefer != null && to.protocol() != Protocol.HTTP) {
      throw destination.wrong("--prefer is for HTTP");
    }
    if (prefer != null) {
      lines.add("Prefer: " + prefer);
    }
    try {
      return new Load(
          to,
          connections,
          pipeline,
          threads,
          rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate),
          batch,
          size,
          !silent,
          lines,
          warmup,
          duration);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}

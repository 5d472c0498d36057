package io.sluice.cli;

import io.sluice.cli.send.Chunk;
import io.sluice.cli.send.LineReader;
import io.sluice.cli.send.Result;
import io.sluice.cli.send.Sender;
import io.sluice.cli.send.Summary;
import io.sluice.cli.target.Protocol;
import io.sluice.cli.target.Target;
import io.sluice.config.ByteSize;
import io.sluice.event.Ack;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code sluice send}: pushes the lines of a file or of standard input over HTTP, WebSocket or TCP.
 *
 * <p>Exit code 0 when every line was accepted, 1 when one was not, 2 for wrong usage.
 */
@Command(
    name = "send",
    description =
        "Pushes lines from a file or standard input to a gateway, over HTTP, WebSocket or TCP.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class SendCommand implements Callable<Integer> {
  private static final int LONGEST_LINE = 16 * 1024 * 1024;
  private static final long SHOW_MILLIS = 200;
  private static final Duration FIRST_RECEIPT = Duration.ofSeconds(5);

  private final Supplier<Vertx> vertxs;
  private final InputStream standardInput;
  private final Duration firstReceipt;
  private final BlockingQueue<Result> results = new LinkedBlockingQueue<>();

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      description = "The lines; standard input when it is left out or -.")
  private @Nullable Path file;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private Destination destination;

  @Option(
      names = "--batch",
      paramLabel = "LINES",
      defaultValue = "500",
      description = "Lines in a request, at most (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--batch-bytes",
      paramLabel = "SIZE",
      defaultValue = "512KiB",
      description = "Bytes in a request, at most (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private String batchBytes;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "4",
      description = "Requests on the way at once (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "application/x-ndjson",
      description = "Content type; text/plain for opaque lines (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private String type;

  @Option(
      names = "--ack",
      paramLabel = "LEVEL",
      converter = AckText.class,
      description = "What to wait for: accepted, stored or delivered; else the gateway's default.")
  private @Nullable Ack ack;

  @Option(
      names = "--retry-for",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = DurationText.class,
      description = "How long a request is tried again (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private Duration retryFor;

  @Option(
      names = "--progress",
      negatable = true,
      description = "Draw a bar (default: on a terminal).")
  private @Nullable Boolean progress;

  private static final class AckText implements ITypeConverter<Ack> {
    @Override
    public Ack convert(String word) {
      return Arrays.stream(Ack.values())
          .filter(level -> level.word().equals(word))
          .findFirst()
          .orElseThrow(() -> new TypeConversionException("'" + word + "' is none of them"));
    }
  }

  /**
   * @param vertxs called once, when there is something to send; whoever hands it in closes it
   */
  public SendCommand(Supplier<Vertx> vertxs) {
    this(vertxs, System.in);
  }

  SendCommand(Supplier<Vertx> vertxs, InputStream standardInput) {
    this(vertxs, standardInput, FIRST_RECEIPT);
  }

  SendCommand(Supplier<Vertx> vertxs, InputStream standardInput, Duration firstReceipt) {
    this.vertxs = vertxs;
    this.standardInput = standardInput;
    this.firstReceipt = firstReceipt;
  }

  @Override
  public Integer call() throws InterruptedException {
    Target to = destination.target();
    check(to);
    MultiMap fields = fields(to);
    Summary summary = new Summary();
    try (LineReader lines = lines()) {
      Vertx vertx = vertxs.get();
      Sender sender = Sender.to(vertx, to, fields, connections, retryFor, firstReceipt);
      send(lines, sender, vertx.getOrCreateContext(), summary);
      sender.close();
    } catch (IOException e) {
      spec.commandLine().getErr().println("cannot read " + source() + ": " + e);
      report(to, summary);
      return 1;
    }
    report(to, summary);
    return summary.rejected() == 0 && summary.end().isEmpty() ? 0 : 1;
  }

  private void send(LineReader lines, Sender sender, Context context, Summary summary)
      throws IOException, InterruptedException {
    SendProgress shown =
        new SendProgress(
            spec.commandLine().getErr(),
            progress == null ? Ansi.AUTO.enabled() : progress,
            file == null ? OptionalLong.empty() : OptionalLong.of(Files.size(file)));
    boolean more = true;
    int onTheWay = 0;
    while (more || onTheWay > 0) {
      if (more && onTheWay < connections) {
        Optional<Chunk> next = lines.next();
        lines.takeTooLong().forEach(summary::add);
        more = next.isPresent();
        if (next.isPresent()) {
          onTheWay++;
          context.runOnContext(go -> sender.send(next.get()).onSuccess(results::add));
        }
      }
      boolean wait = onTheWay > 0 && (!more || onTheWay == connections);
      Result result = wait ? results.poll(SHOW_MILLIS, TimeUnit.MILLISECONDS) : results.poll();
      if (result != null) {
        onTheWay--;
        summary.add(result);
        more &= summary.end().isEmpty();
      }
      shown.show(lines.bytesRead(), summary);
    }
    shown.end();
  }

  private LineReader lines() throws IOException {
    InputStream in = file == null ? standardInput : Files.newInputStream(file);
    return new LineReader(in, batch, (int) batchSize(), LONGEST_LINE);
  }

  private String source() {
    return file == null ? "standard input" : file.toString();
  }

  private void check(Target to) {
    if (file != null && file.toString().equals("-")) {
      file = null;
    }
    if (file != null && !Files.isReadable(file)) {
      throw destination.wrong("no readable file " + file);
    }
    if (to.protocol() == Protocol.TCP && ack != null) {
      throw destination.wrong("over TCP the source says what --ack would ask for");
    }
    if (batch < 1 || connections < 1) {
      throw destination.wrong("--batch and --connections must be at least 1");
    }
  }

  private long batchSize() {
    try {
      return Math.max(1, Math.min(ByteSize.parse(batchBytes).bytes(), LONGEST_LINE));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--batch-bytes " + e.getMessage(), e);
    }
  }

  private MultiMap fields(Target to) {
    MultiMap fields = MultiMap.caseInsensitiveMultiMap();
    if (to.protocol() == Protocol.HTTP) {
      fields.set("Content-Type", type);
      fields.set(
          "Prefer", ack == null ? "handling=lenient" : "handling=lenient, ack=" + ack.word());
    }
    for (String header : destination.headers()) {
      int colon = header.indexOf(':');
      fields.set(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
    }
    return fields;
  }

  private void report(Target to, Summary summary) {
    PrintWriter err = spec.commandLine().getErr();
    summary.rejections().forEach(line -> err.println("line " + line.line() + ": " + line.detail()));
    long unnamed = summary.rejected() - summary.rejections().size();
    if (unnamed > 0 && !summary.rejections().isEmpty()) {
      err.println("and " + unnamed + " more lines");
    }
    if (!summary.end().isEmpty()) {
      err.println("ended early: " + to.url() + ": " + summary.end());
    }
    spec.commandLine()
        .getOut()
        .println(
            String.format(
                Locale.ROOT,
                "sent %,d events in %,d requests, %,.1f MB, %.1f s (%,.0f/s)%n"
                    + "accepted %,d, duplicates %,d, rejected %,d, failed %,d, retries %,d",
                summary.sent(),
                summary.requests(),
                summary.bytes() / 1e6,
                summary.seconds(),
                summary.sent() / summary.seconds(),
                summary.accepted(),
                summary.duplicates(),
                summary.rejected(),
                summary.failed(),
                summary.retries()));
    spec.commandLine().getOut().flush();
    err.flush();
  }
}

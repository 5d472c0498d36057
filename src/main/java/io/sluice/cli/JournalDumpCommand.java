package io.sluice.cli;

import io.sluice.codec.LineFormat;
import io.sluice.event.Position;
import io.sluice.journal.Entry;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code sluice journal dump}: prints events, a line each. */
@Command(
    name = "dump",
    description = "Prints events, one a line; what is damaged is told on standard error.",
    mixinStandardHelpOptions = true)
public final class JournalDumpCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private JournalDirectory directory;

  @Option(
      names = "--from",
      paramLabel = "POSITION",
      converter = PositionText.class,
      description = "Where to begin: an ordinal, or epoch/ordinal (default: the first event).")
  private @Nullable Position from;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many events at most (default: all).")
  private long limit = Long.MAX_VALUE;

  @Option(
      names = "--format",
      defaultValue = "payload",
      converter = FormatText.class,
      description =
          "payload, cloudevents, or envelope with all that is known (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private LineFormat format;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Where to (default: standard output).")
  private @Nullable Path target;

  private long printed;

  @Override
  public Integer call() throws IOException {
    var journal = directory.inspect();
    try (OutputStream out = new BufferedOutputStream(target(), 1 << 16)) {
      journal.read(
          from == null ? journal.first() : from,
          entry -> printed < limit && print(entry, out),
          damage -> spec.commandLine().getErr().println(JournalVerifyCommand.line(damage)));
    }
    return 0;
  }

  /** Bytes as they are: a writer of characters would not do. */
  private OutputStream target() throws IOException {
    return target == null ? System.out : Files.newOutputStream(target);
  }

  private boolean print(Entry entry, OutputStream out) throws IOException {
    int events = (int) Math.min(limit - printed, entry.batch().size());
    String stream = String.valueOf(directory.path().toAbsolutePath().getFileName());
    format.write(stream, entry.first(), entry.batch(), 0, events, out);
    printed += events;
    return printed < limit;
  }

  /** Reads a position. An ordinal alone is meant as it stands, whatever the epoch. */
  private static final class PositionText implements ITypeConverter<Position> {
    @Override
    public Position convert(String text) {
      int slash = text.indexOf('/');
      try {
        return new Position(
            slash < 0 ? Integer.MAX_VALUE : Integer.parseInt(text.substring(0, slash)),
            Long.parseLong(text.substring(slash + 1)));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("'" + text + "' is no position like 120 or 0/120");
      }
    }
  }

  private static final class FormatText implements ITypeConverter<LineFormat> {
    @Override
    public LineFormat convert(String text) {
      try {
        return LineFormat.valueOf(text.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("'" + text + "' is neither payload nor envelope");
      }
    }
  }
}

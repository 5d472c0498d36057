package io.sluice.cli;

import io.sluice.event.Position;
import io.sluice.journal.Inspection;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice journal stat}: what is there, without reading all of it. */
@Command(
    name = "stat",
    description = "Prints positions, segments and the sinks' cursors.",
    mixinStandardHelpOptions = true)
public final class JournalStatCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private JournalDirectory directory;

  @Override
  public Integer call() throws IOException {
    Inspection journal = directory.inspect();
    PrintWriter out = spec.commandLine().getOut();
    Position next = journal.next();
    long bytes = journal.segments().stream().mapToLong(Inspection.SegmentFile::bytes).sum();
    long files = journal.segments().stream().mapToLong(Inspection.SegmentFile::fileBytes).sum();
    out.printf("journal    %s%n", journal.journal().orElse("none"));
    out.printf(
        "events     %d, %s to %s%n",
        next.ordinal() - journal.first().ordinal(), journal.first(), next);
    out.printf("epoch      %d%n", next.epoch());
    out.printf("bytes      %d in files of %d%n", bytes, files);
    out.printf("shut down  %s%n", journal.clean() ? "in order" : "no, or running");
    if (journal.tornBytes() > 0) {
      out.printf("torn       %d bytes at the end%n", journal.tornBytes());
    }
    out.printf("segments   %d%n", journal.segments().size());
    for (Inspection.SegmentFile each : journal.segments()) {
      out.printf(
          "  %s  %s to %s  %d bytes  %s%s%n",
          each.name(),
          each.first(),
          each.next(),
          each.bytes(),
          each.written(),
          each.sealed() ? "" : "  open");
    }
    out.printf("cursors    %d%n", journal.cursors().size());
    new TreeMap<>(journal.cursors())
        .forEach(
            (sink, position) ->
                out.printf(
                    "  %s  %s  %d behind%n",
                    sink, position, Math.max(0, next.ordinal() - position.ordinal())));
    out.flush();
    return 0;
  }
}

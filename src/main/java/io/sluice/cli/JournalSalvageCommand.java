package io.sluice.cli;

import io.sluice.journal.Inspection;
import io.sluice.journal.Salvaged;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice journal salvage}: copies what can be read into a new journal. */
@Command(
    name = "salvage",
    description = "Copies what can be read, with positions and cursors, into a new journal.",
    mixinStandardHelpOptions = true)
public final class JournalSalvageCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private JournalDirectory directory;

  @Option(names = "--to", paramLabel = "DIR", description = "The new journal's directory.")
  private @Nullable Path target;

  @Option(names = "--dry-run", description = "Only says what would be copied and what is lost.")
  private boolean dryRun;

  @Override
  public Integer call() throws IOException {
    Inspection journal = directory.inspect();
    PrintWriter out = spec.commandLine().getOut();
    long copied = dryRun ? count(journal, out) : copy(journal, out);
    out.printf("%d events %s%n", copied, dryRun ? "would be copied" : "copied");
    out.flush();
    return 0;
  }

  private long copy(Inspection journal, PrintWriter out) throws IOException {
    Path to = target;
    if (to == null) {
      throw new ParameterException(spec.commandLine(), "say where --to, or --dry-run");
    }
    Salvaged salvaged =
        journal.salvage(to, damage -> out.println(JournalVerifyCommand.line(damage)));
    if (salvaged.remembers()) {
      out.println(
          salvaged.memory()
              ? "what the stream remembers of sessions and keys copied"
              : "what the stream remembers of sessions and keys not copied, as events are missing"
                  + " or it is damaged: repeats will be taken as new");
    }
    return salvaged.events();
  }

  private static long count(Inspection journal, PrintWriter out) throws IOException {
    AtomicLong events = new AtomicLong();
    journal.read(
        journal.first(),
        entry -> events.addAndGet(entry.batch().size()) > 0,
        damage -> out.println(JournalVerifyCommand.line(damage)));
    return events.get();
  }
}

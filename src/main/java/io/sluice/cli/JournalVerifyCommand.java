package io.sluice.cli;

import io.sluice.journal.Damage;
import io.sluice.journal.Inspection;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice journal verify}: reads everything. Exit code 1 when something is damaged. */
@Command(
    name = "verify",
    description = "Reads every frame and reports what is damaged; exit code 1 when anything is.",
    mixinStandardHelpOptions = true)
public final class JournalVerifyCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private JournalDirectory directory;

  @Override
  public Integer call() throws IOException {
    Inspection journal = directory.inspect();
    List<Damage> damage = journal.verify();
    PrintWriter out = spec.commandLine().getOut();
    damage.forEach(each -> out.println(line(each)));
    boolean lost = damage.stream().anyMatch(Damage::forced);
    out.printf(
        "%s: %s to %s, %d damaged %s%n",
        lost ? "damaged" : "sound",
        journal.first(),
        journal.next(),
        damage.size(),
        damage.size() == 1 ? "place" : "places");
    out.flush();
    return lost ? 1 : 0;
  }

  static String line(Damage damage) {
    return "lost "
        + damage.from()
        + " to "
        + damage.to()
        + " ("
        + damage.events()
        + " events) in "
        + damage.segment()
        + " at byte "
        + damage.offset()
        + (damage.forced() ? "" : ", never forced to disk");
  }
}

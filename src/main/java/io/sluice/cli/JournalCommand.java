package io.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice journal}: looks at a stream's journal while nobody needs to run. */
@Command(
    name = "journal",
    description = "Inspects a stream's journal offline.",
    mixinStandardHelpOptions = true,
    subcommands = {
      JournalStatCommand.class,
      JournalVerifyCommand.class,
      JournalDumpCommand.class,
      JournalSalvageCommand.class
    })
public final class JournalCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: stat, verify, dump or salvage");
  }
}

package io.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice cursor}: how far pull sources have read. */
@Command(
    name = "cursor",
    description =
        "Shows and moves the cursors of pull sources in a data directory. Those that replicas share"
            + " are in their database.",
    mixinStandardHelpOptions = true,
    subcommands = {CursorListCommand.class, CursorShowCommand.class, CursorRewindCommand.class})
public final class CursorCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: list, show or rewind");
  }
}

package io.sluice.cli;

import io.sluice.config.Environment;
import io.sluice.control.ConfigurationModel;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice parked}: what streams, sinks and sources left behind. */
@Command(
    name = "parked",
    description = "Lists and deletes what streams, sinks and sources left in the data directory.",
    mixinStandardHelpOptions = true)
public final class ParkedCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  private ParkedCommand() {}

  /**
   * The command, with those below it.
   *
   * @param model what a configuration can say
   * @param environment where references to variables are looked up
   */
  public static CommandLine line(ConfigurationModel<?> model, Environment environment) {
    return new CommandLine(new ParkedCommand())
        .addSubcommand(new ParkedListCommand(model, environment))
        .addSubcommand(new ParkedRetireCommand(model, environment));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: list or retire");
  }
}

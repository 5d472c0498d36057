package io.sluice.cli;

import io.sluice.config.Environment;
import io.sluice.control.ConfigurationModel;
import io.vertx.core.Vertx;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice cursor}: how far pull sources have read. */
@Command(
    name = "cursor",
    description =
        "Shows and moves the cursors of pull sources: where the configuration says that replicas"
            + " share them, or else in the data directory.",
    mixinStandardHelpOptions = true)
public final class CursorCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  private CursorCommand() {}

  /**
   * The command, with those below it.
   *
   * @param model what a configuration can say
   * @param environment where references to variables are looked up
   * @param vertxs called when cursors are shared; whoever hands it in closes it
   */
  public static CommandLine line(
      ConfigurationModel<?> model, Environment environment, Supplier<Vertx> vertxs) {
    CursorPlace.Given given = new CursorPlace.Given(model, environment, vertxs);
    return new CommandLine(new CursorCommand())
        .addSubcommand(new CursorListCommand(given))
        .addSubcommand(new CursorShowCommand(given))
        .addSubcommand(new CursorRewindCommand(given));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: list, show or rewind");
  }
}

package io.sluice.app;

import io.sluice.admin.AdminConfig;
import io.sluice.cli.BenchCommand;
import io.sluice.cli.CursorCommand;
import io.sluice.cli.DiffCommand;
import io.sluice.cli.JournalCommand;
import io.sluice.cli.ParkedCommand;
import io.sluice.cli.ReportCommand;
import io.sluice.cli.RunCommand;
import io.sluice.cli.SchemaCommand;
import io.sluice.cli.SendCommand;
import io.sluice.cli.ValidateCommand;
import io.sluice.control.ConfigurationModel;
import io.sluice.journal.Journal;
import io.sluice.stream.JournalOpening;
import io.sluice.telemetry.Logging;
import io.sluice.telemetry.Meters;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of {@code sluice.jar}. */
public final class Main {
  private static final String RUN = "run";

  private Main() {}

  /** The command line's root. */
  @Command(
      name = "sluice",
      description = "A reactive, non-blocking ingestion gateway.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class,
      synopsisSubcommandLabel = "COMMAND")
  private static final class Root {}

  /** Runs a command, {@code run} where none is named, and ends the process with its exit code. */
  public static void main(String[] args) {
    run(Journal::open, args);
  }

  static void run(JournalOpening journals, String... args) {
    Surroundings.prepare();
    String[] words = args.length == 0 ? new String[] {RUN} : args;
    Surroundings surroundings = new Surroundings();
    CommandLine line =
        words[0].equals(RUN)
            ? runCommand(surroundings, journals)
            : commandLine(surroundings, journals);
    int code = line.execute(words);
    Logging.stop();
    System.exit(code);
  }

  static CommandLine commandLine(Surroundings surroundings, JournalOpening journals) {
    ConfigurationModel<AdminConfig> model = model(surroundings, new Once<>(Meters::new));
    return runCommand(surroundings, journals)
        .addSubcommand(new ValidateCommand(model, System::getenv))
        .addSubcommand(new DiffCommand(model, System::getenv))
        .addSubcommand(new SchemaCommand(model))
        .addSubcommand(new SendCommand(surroundings::vertx))
        .addSubcommand(new ReportCommand(surroundings::vertx))
        .addSubcommand(new BenchCommand())
        .addSubcommand(new JournalCommand())
        .addSubcommand(CursorCommand.line(model, System::getenv, surroundings::vertx))
        .addSubcommand(ParkedCommand.line(model, System::getenv))
        .addSubcommand(new AutoComplete.GenerateCompletion())
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  /** Without the other commands: a gateway that starts does not wait for them to be looked at. */
  private static CommandLine runCommand(Surroundings surroundings, JournalOpening journals) {
    Once<Meters> meters = new Once<>(Meters::new);
    return new CommandLine(new Root())
        .addSubcommand(
            new RunCommand(
                model(surroundings, meters),
                System::getenv,
                surroundings::vertx,
                meters,
                journals,
                Surroundings.LOOPS,
                surroundings::before,
                Surroundings::hostName))
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  /** What a configuration can say. */
  static ConfigurationModel<AdminConfig> model(Surroundings surroundings, Supplier<Meters> meters) {
    return new ConfigurationModel<>(
        Connectors.catalog(surroundings, meters), AdminConfig.class, AdminConfig::claims);
  }
}

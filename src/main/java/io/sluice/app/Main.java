package io.sluice.app;

import io.sluice.admin.AdminConfig;
import io.sluice.cli.BenchCommand;
import io.sluice.cli.CursorCommand;
import io.sluice.cli.DiffCommand;
import io.sluice.cli.JournalCommand;
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
    CommandLine line = commandLine(new Surroundings(), journals);
    int code = line.execute(args.length == 0 ? new String[] {"run"} : args);
    Logging.stop();
    System.exit(code);
  }

  static CommandLine commandLine(Surroundings surroundings, JournalOpening journals) {
    Once<Meters> meters = new Once<>(Meters::new);
    ConfigurationModel<AdminConfig> model = model(surroundings, meters);
    CommandLine line =
        new CommandLine(new Root())
            .addSubcommand(
                new RunCommand(
                    model,
                    System::getenv,
                    surroundings::vertx,
                    meters,
                    journals,
                    Surroundings.LOOPS,
                    surroundings::before))
            .addSubcommand(new ValidateCommand(model, System::getenv))
            .addSubcommand(new DiffCommand(model, System::getenv))
            .addSubcommand(new SchemaCommand(model))
            .addSubcommand(new SendCommand(surroundings::vertx))
            .addSubcommand(new BenchCommand())
            .addSubcommand(new JournalCommand())
            .addSubcommand(new CursorCommand())
            .addSubcommand(new AutoComplete.GenerateCompletion());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line;
  }

  /** What a configuration can say. */
  static ConfigurationModel<AdminConfig> model(Surroundings surroundings, Supplier<Meters> meters) {
    return new ConfigurationModel<>(
        Connectors.catalog(surroundings, meters), AdminConfig.class, AdminConfig::claims);
  }
}

package io.sluice.cli;

import io.sluice.admin.AdminConfig;
import io.sluice.config.Checked;
import io.sluice.config.Environment;
import io.sluice.config.Reading;
import io.sluice.control.Configuration;
import io.sluice.control.ConfigurationModel;
import io.sluice.control.Plan;
import io.sluice.control.PlanStep;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code sluice diff}: what a reload would do.
 *
 * <p>Exit code 0, 78 when one of the two configurations is wrong, 2 for wrong usage.
 */
@Command(
    name = "diff",
    description = "Says what a reload from one configuration to another would do.",
    mixinStandardHelpOptions = true)
public final class DiffCommand implements Callable<Integer> {
  private final ConfigurationModel<AdminConfig> model;
  private final Environment environment;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE_OR_DIR",
      required = true,
      description = "Twice: what runs, and what shall run; each a file or a directory.")
  @SuppressWarnings("NullAway.Init")
  private List<Path> paths;

  /**
   * The command.
   *
   * @param model what a configuration can say
   * @param environment where references to variables are looked up
   */
  public DiffCommand(ConfigurationModel<AdminConfig> model, Environment environment) {
    this.model = model;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (paths.size() != 2) {
      throw new ParameterException(
          spec.commandLine(), "needs -c twice: what runs, and what shall run");
    }
    Optional<Configuration<AdminConfig>> running = read(paths.get(0));
    Optional<Configuration<AdminConfig>> desired = read(paths.get(1));
    if (running.isEmpty() || desired.isEmpty()) {
      return ValidateCommand.WRONG_CONFIGURATION;
    }
    PrintWriter out = spec.commandLine().getOut();
    admin(out, running.get().admin(), desired.get().admin());
    if (!running.get().replicas().equals(desired.get().replicas())) {
      line(out, "replicas", "", "restart", "is taken with the next start of the gateway");
    }
    Plan.between(running.get().settings(), desired.get().settings())
        .steps()
        .forEach(step -> line(out, step));
    return 0;
  }

  private static void admin(PrintWriter out, AdminConfig running, AdminConfig desired) {
    if (!desired.follows(running)) {
      line(out, "admin", "", "restart", "its address begins or ends TLS with the next start");
    } else if (!desired.equals(running)) {
      line(out, desired.after(running));
    }
  }

  private static void line(PrintWriter out, PlanStep step) {
    String part = step.part().name().toLowerCase(Locale.ROOT);
    line(out, part, step.name(), word(step), note(step));
  }

  private Optional<Configuration<AdminConfig>> read(Path path) {
    Checked<Configuration<AdminConfig>> checked =
        model.check(Reading.of(List.of(path)), environment);
    PrintWriter err = spec.commandLine().getErr();
    return checked.fold(
        good -> Optional.of(good.value()),
        bad -> {
          bad.problems().forEach(err::println);
          return Optional.empty();
        });
  }

  private static void line(PrintWriter out, String part, String name, String word, String note) {
    out.println("%-8s  %-20s  %-7s  %s".formatted(part, name, word, note).stripTrailing());
  }

  private static String word(PlanStep step) {
    return step.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static String note(PlanStep step) {
    return step.fold(
        new PlanStep.Cases<>() {
          @Override
          public String start(PlanStep.Start start) {
            return "";
          }

          @Override
          public String change(PlanStep.Change change) {
            return String.join(", ", change.keys());
          }

          @Override
          public String replace(PlanStep.Replace replace) {
            String keys = String.join(", ", replace.keys());
            return switch (replace.part()) {
              case ADMIN -> keys + "; the old one answers what it has begun";
              case SOURCE ->
                  keys + (replace.pauses() ? "; its connections are closed" : "; no connection is");
              case STREAM -> keys + "; its sources wait meanwhile";
              case SINK -> keys + "; its streams keep everything meanwhile";
            };
          }

          @Override
          public String stop(PlanStep.Stop stop) {
            return switch (stop.part()) {
              case ADMIN -> "";
              case SOURCE -> "its connections are closed";
              case STREAM -> "its events stay in the data directory";
              case SINK -> "its position and dead letters stay in the data directory";
            };
          }

          @Override
          public String keep(PlanStep.Keep keep) {
            return "";
          }
        });
  }
}

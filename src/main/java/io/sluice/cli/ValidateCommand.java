package io.sluice.cli;

import io.sluice.config.Environment;
import io.sluice.config.Problem;
import io.sluice.config.Reading;
import io.sluice.control.Configuration;
import io.sluice.control.ConfigurationModel;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code sluice validate}: says everything that is wrong with a configuration, without running it.
 *
 * <p>Exit code 0 when it could run, 78 when not, 2 for wrong usage. Problems and warnings are lines
 * on standard error, {@code file:line:column} first, as compilers do it.
 */
@Command(
    name = "validate",
    description = "Says everything that is wrong with a configuration.",
    mixinStandardHelpOptions = true)
public final class ValidateCommand implements Callable<Integer> {
  /** What {@code sysexits.h} calls EX_CONFIG. */
  public static final int WRONG_CONFIGURATION = 78;

  private final ConfigurationModel<?> model;
  private final Environment environment;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private ConfigurationPaths configuration;

  /**
   * The command.
   *
   * @param model what a configuration can say
   * @param environment where references to variables are looked up
   */
  public ValidateCommand(ConfigurationModel<?> model, Environment environment) {
    this.model = model;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    return model
        .check(Reading.of(configuration.paths()), environment)
        .fold(
            good -> {
              good.warnings().forEach(err::println);
              out.println(summary(good.value()));
              return 0;
            },
            bad -> {
              bad.problems().forEach(err::println);
              long errors = bad.problems().stream().filter(Problem::error).count();
              err.println(count(errors, "problem"));
              return WRONG_CONFIGURATION;
            });
  }

  private static String summary(Configuration<?> configuration) {
    return "ok: "
        + count(configuration.settings().sources().size(), "source")
        + ", "
        + count(configuration.settings().streams().size(), "stream")
        + ", "
        + count(configuration.settings().sinks().size(), "sink");
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}

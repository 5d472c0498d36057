package io.sluice.cli;

import io.sluice.control.ConfigurationModel;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code sluice schema}: prints the JSON Schema that editors complete and check a configuration
 * with.
 */
@Command(
    name = "schema",
    description = "Prints the configuration's JSON Schema.",
    mixinStandardHelpOptions = true)
public final class SchemaCommand implements Callable<Integer> {
  private final ConfigurationModel<?> model;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  public SchemaCommand(ConfigurationModel<?> model) {
    this.model = model;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    out.print(model.schema());
    out.flush();
    return 0;
  }
}

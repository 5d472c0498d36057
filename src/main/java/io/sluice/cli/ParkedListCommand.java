package io.sluice.cli;

import io.sluice.config.Environment;
import io.sluice.control.ConfigurationModel;
import io.sluice.control.ParkedFiles;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sluice parked list}: what is in the data directory and not in the configuration. */
@Command(
    name = "list",
    description =
        "Lists what is kept of streams, sinks and sources that are not in the configuration. Of a"
            + " running gateway, GET /api/v1/parked is exact.",
    mixinStandardHelpOptions = true)
final class ParkedListCommand implements Callable<Integer> {
  private final ConfigurationModel<?> model;
  private final Environment environment;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private ParkedPlace place;

  ParkedListCommand(ConfigurationModel<?> model, Environment environment) {
    this.model = model;
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    Optional<ParkedFiles> files = place.files(model, environment);
    if (files.isEmpty()) {
      return ValidateCommand.WRONG_CONFIGURATION;
    }
    place.printAll(files.get().all());
    return 0;
  }
}

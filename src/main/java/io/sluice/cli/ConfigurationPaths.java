package io.sluice.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The configuration a command works on. */
final class ConfigurationPaths {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE_OR_DIR",
      defaultValue = "conf/sluice.json",
      description =
          "A file, or a directory for every *.json in it but *.schema.json; repeatable, later ones"
              + " are merged over earlier ones (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private List<Path> paths;

  /** Whether there is any of it. */
  boolean isThere() {
    return paths.stream().anyMatch(Files::exists);
  }

  List<Path> paths() {
    return paths;
  }
}

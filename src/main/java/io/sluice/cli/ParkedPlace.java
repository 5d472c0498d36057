package io.sluice.cli;

import io.sluice.config.Environment;
import io.sluice.config.Reading;
import io.sluice.control.Configuration;
import io.sluice.control.ConfigurationModel;
import io.sluice.control.ParkedFiles;
import io.sluice.control.ParkedPart;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A data directory, and the configuration that says what of it is in use. */
final class ParkedPlace {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private ConfigurationPaths configuration;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private DataPath data;

  Path data() {
    return data.path();
  }

  /** Empty when the configuration is wrong, which is told. */
  Optional<ParkedFiles> files(ConfigurationModel<?> model, Environment environment) {
    return model
        .check(Reading.of(configuration.paths()), environment)
        .fold(
            good -> Optional.of(files(good.value())),
            bad -> {
              bad.problems().forEach(spec.commandLine().getErr()::println);
              return Optional.empty();
            });
  }

  private ParkedFiles files(Configuration<?> configured) {
    return new ParkedFiles(data(), configured.settings());
  }

  /** Says on standard error that there is none. */
  void printAll(List<ParkedPart> parts) {
    if (parts.isEmpty()) {
      spec.commandLine().getErr().println("sluice: nothing is parked");
    } else {
      print(parts);
    }
  }

  void print(List<ParkedPart> parts) {
    PrintWriter out = spec.commandLine().getOut();
    parts.forEach(
        part ->
            out.printf(
                "%-6s  %-24s  %10d events  %14d bytes%n",
                part.kind().word(),
                part.name() + part.stream().map(stream -> " in " + stream).orElse(""),
                part.events(),
                part.bytes()));
    out.flush();
  }
}

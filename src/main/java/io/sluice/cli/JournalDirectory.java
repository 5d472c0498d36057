package io.sluice.cli;

import io.sluice.journal.Inspection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The journal a command works on. */
final class JournalDirectory {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The journal's directory.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  Path path() {
    return directory;
  }

  Inspection inspect() throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new ParameterException(spec.commandLine(), directory + " is no directory");
    }
    return Inspection.of(directory);
  }
}

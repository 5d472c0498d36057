package io.sluice.cli;

import io.sluice.control.DataDirectory;
import io.sluice.lease.CursorFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The data directory whose cursors a command works on. */
final class CursorDirectory {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "The gateway's data directory (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private Path data;

  Path path() {
    if (!Files.isDirectory(data)) {
      throw new ParameterException(spec.commandLine(), data + " is no directory");
    }
    return data;
  }

  CursorFiles files() {
    return DataDirectory.cursorsIn(path());
  }

  /** What a cursor holds came from elsewhere: nothing of it reaches the terminal as a command. */
  static String plain(String text) {
    StringBuilder plain = new StringBuilder();
    text.codePoints()
        .forEach(
            each -> {
              if (Character.isISOControl(each) || Character.getType(each) == Character.FORMAT) {
                plain.append("\\u%04x".formatted(each));
              } else {
                plain.appendCodePoint(each);
              }
            });
    return plain.toString();
  }
}

package io.sluice.cli;

import io.sluice.connector.CursorLostException;
import io.sluice.control.DataDirectory;
import io.sluice.lease.CursorFiles;
import io.sluice.lease.CursorRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice cursor show}: the parts of one cursor. */
@Command(
    name = "show",
    description = "Prints the parts of a source's cursor, one a line.",
    mixinStandardHelpOptions = true)
public final class CursorShowCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private DataPath data;

  @Parameters(paramLabel = "SOURCE", description = "The source's name.")
  @SuppressWarnings("NullAway.Init")
  private String source;

  @Override
  public Integer call() throws IOException {
    CursorFiles files = DataDirectory.cursorsIn(data.path());
    try {
      Optional<CursorRecord> record = files.load(source);
      if (record.isEmpty()) {
        spec.commandLine().getErr().println("sluice: the source " + source + " has no cursor");
        return 1;
      }
      print(record.get(), spec.commandLine().getOut());
      return 0;
    } catch (CursorLostException e) {
      spec.commandLine().getErr().println("sluice: " + e.getMessage());
      return 1;
    }
  }

  static void print(CursorRecord record, PrintWriter out) {
    record
        .cursor()
        .parts()
        .forEach((name, text) -> out.printf("%s=%s%n", PlainText.of(name), PlainText.of(text)));
    out.flush();
  }
}

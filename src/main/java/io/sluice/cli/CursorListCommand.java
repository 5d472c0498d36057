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
import picocli.CommandLine.Spec;

/** {@code sluice cursor list}: every source that was polled, and whether its cursor is sound. */
@Command(
    name = "list",
    description = "Lists the sources that have a cursor. Ends with 1 when one is damaged.",
    mixinStandardHelpOptions = true)
public final class CursorListCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private DataPath data;

  @Override
  public Integer call() throws IOException {
    CursorFiles files = DataDirectory.cursorsIn(data.path());
    PrintWriter out = spec.commandLine().getOut();
    int code = 0;
    for (String source : files.sources()) {
      try {
        Optional<CursorRecord> record = files.load(source);
        if (record.isPresent()) {
          int parts = record.get().cursor().parts().size();
          out.printf(
              "%s  term %d  %d %s%n",
              source, record.get().term(), parts, parts == 1 ? "part" : "parts");
        }
      } catch (CursorLostException e) {
        out.printf("%s  %s%n", source, e.getMessage());
        code = 1;
      }
    }
    out.flush();
    return code;
  }
}

package io.sluice.cli;

import io.sluice.connector.Cursor;
import io.sluice.connector.CursorLostException;
import io.sluice.connector.Step;
import io.sluice.control.DataDirectory;
import io.sluice.lease.CursorFiles;
import io.sluice.lease.CursorRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice cursor rewind}: makes a source read again, while no gateway runs. */
@Command(
    name = "rewind",
    description =
        "Moves a source's cursor while the gateway is down: to the start, or part by part. Prints"
            + " what it was.",
    mixinStandardHelpOptions = true)
public final class CursorRewindCommand implements Callable<Integer> {
  private static final int LOCKED = 75;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private DataPath data;

  @Parameters(paramLabel = "SOURCE", description = "The source's name.")
  @SuppressWarnings("NullAway.Init")
  private String source;

  @Option(names = "--start", description = "To the start; the file is put aside, damaged or not.")
  private boolean start;

  @Option(names = "--set", paramLabel = "PART=TEXT", description = "Gives a part another text.")
  private @Nullable Map<String, String> set;

  @Option(names = "--remove", paramLabel = "PART", description = "Takes a part away.")
  private @Nullable List<String> remove;

  @Override
  public Integer call() throws IOException {
    Step step = step();
    if (start == !step.parts().isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "say where to: --start, or --set and --remove");
    }
    try (DataDirectory locked = DataDirectory.open(data.path())) {
      return rewind(new CursorFiles(locked.cursors()), step);
    } catch (DataDirectory.LockedException e) {
      complain(e.getMessage() + "; stop the gateway first");
      return LOCKED;
    } catch (CursorLostException e) {
      complain(e.getMessage() + "; --start puts it aside");
      return 1;
    }
  }

  private Step step() {
    Step step = Step.NONE;
    if (set != null) {
      for (Map.Entry<String, String> part : set.entrySet()) {
        step = step.then(Step.set(part.getKey(), part.getValue()));
      }
    }
    if (remove != null) {
      for (String part : remove) {
        step = step.then(Step.remove(part));
      }
    }
    return step;
  }

  private int rewind(CursorFiles files, Step step) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (start) {
      Optional<Path> aside = files.putAside(source, Instant.now());
      if (aside.isPresent()) {
        out.println(source + " begins anew; its cursor is in " + aside.get());
        out.flush();
        return 0;
      }
    } else {
      Optional<CursorRecord> before = files.load(source);
      if (before.isPresent()) {
        CursorShowCommand.print(before.get(), out);
        Cursor now = step.from(before.get().cursor());
        files.save(source, new CursorRecord(before.get().term() + 1, now));
        return 0;
      }
    }
    complain("the source " + source + " has no cursor");
    return 1;
  }

  private void complain(String what) {
    spec.commandLine().getErr().println("sluice: " + what);
  }
}

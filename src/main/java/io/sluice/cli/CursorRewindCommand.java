package io.sluice.cli;

import io.sluice.cli.CursorShelf.Moved;
import io.sluice.connector.CursorLostException;
import io.sluice.connector.Step;
import io.sluice.control.DataDirectory;
import io.sluice.lease.KeptCursor;
import java.io.IOException;
import java.io.PrintWriter;
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

/** {@code sluice cursor rewind}: makes a source read again. */
@Command(
    name = "rewind",
    description =
        "Moves a source's cursor: to the start, or part by part. Prints what it was. In a data"
            + " directory, the gateway has to be down, or the command ends with 75; where replicas"
            + " share it, they may run, and whoever polls the source is refused with what it has"
            + " under way.",
    mixinStandardHelpOptions = true)
final class CursorRewindCommand implements Callable<Integer> {
  private static final int LOCKED = 75;

  private final CursorPlace.Given given;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private CursorPlace place;

  @Parameters(paramLabel = "SOURCE", description = "The source's name.")
  @SuppressWarnings("NullAway.Init")
  private String source;

  @Option(names = "--start", description = "To the start; the cursor is put aside, damaged or not.")
  private boolean start;

  @Option(names = "--set", paramLabel = "PART=TEXT", description = "Gives a part another text.")
  private @Nullable Map<String, String> set;

  @Option(names = "--remove", paramLabel = "PART", description = "Takes a part away.")
  private @Nullable List<String> remove;

  CursorRewindCommand(CursorPlace.Given given) {
    this.given = given;
  }

  @Override
  public Integer call() throws IOException {
    Step step = step();
    if (start == !step.parts().isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "say where to: --start, or --set and --remove");
    }
    return place.with(given, shelf -> rewind(shelf, step));
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

  private int rewind(CursorShelf shelf, Step step) throws IOException {
    try {
      Optional<Moved> moved = shelf.rewind(source, start ? Optional.empty() : Optional.of(step));
      if (moved.isEmpty()) {
        complain("the source " + source + " has no cursor");
        return 1;
      }
      tell(moved.get());
      return 0;
    } catch (DataDirectory.LockedException e) {
      complain(e.getMessage() + "; stop the gateway first");
      return LOCKED;
    } catch (CursorLostException e) {
      complain(e.getMessage() + "; --start puts it aside");
      return 1;
    }
  }

  private void tell(Moved moved) throws CursorLostException {
    PrintWriter out = spec.commandLine().getOut();
    KeptCursor before = moved.before();
    if (start) {
      out.println(source + " begins anew; its cursor is in " + moved.aside());
      out.flush();
    } else {
      CursorShowCommand.print(before.cursor().read(), out);
    }
    if (!before.replica().isEmpty()) {
      complain(
          "the replica %s had the lease, under term %d; what it has under way is refused"
              .formatted(PlainText.of(before.replica()), before.term()));
    }
  }

  private void complain(String what) {
    spec.commandLine().getErr().println("sluice: " + what);
  }
}

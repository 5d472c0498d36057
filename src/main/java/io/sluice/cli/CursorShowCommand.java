package io.sluice.cli;

import io.sluice.connector.Cursor;
import io.sluice.connector.CursorLostException;
import io.sluice.lease.KeptCursor;
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
final class CursorShowCommand implements Callable<Integer> {
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

  CursorShowCommand(CursorPlace.Given given) {
    this.given = given;
  }

  @Override
  public Integer call() throws IOException {
    return place.with(given, this::show);
  }

  private int show(CursorShelf shelf) throws IOException {
    try {
      Optional<KeptCursor> kept = shelf.find(source);
      if (kept.isEmpty()) {
        spec.commandLine().getErr().println("sluice: the source " + source + " has no cursor");
        return 1;
      }
      print(kept.get().cursor().read(), spec.commandLine().getOut());
      return 0;
    } catch (CursorLostException e) {
      spec.commandLine().getErr().println("sluice: " + e.getMessage());
      return 1;
    }
  }

  static void print(Cursor cursor, PrintWriter out) {
    cursor
        .parts()
        .forEach((name, text) -> out.printf("%s=%s%n", PlainText.of(name), PlainText.of(text)));
    out.flush();
  }
}

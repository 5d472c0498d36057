package io.sluice.cli;

import io.sluice.connector.CursorLostException;
import io.sluice.lease.KeptCursor;
import java.io.IOException;
import java.io.PrintWriter;
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
final class CursorListCommand implements Callable<Integer> {
  private final CursorPlace.Given given;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private CursorPlace place;

  CursorListCommand(CursorPlace.Given given) {
    this.given = given;
  }

  @Override
  public Integer call() throws IOException {
    return place.with(given, this::list);
  }

  private int list(CursorShelf shelf) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    int code = 0;
    for (KeptCursor kept : shelf.all()) {
      String source = PlainText.of(kept.source());
      try {
        int parts = kept.cursor().read().parts().size();
        out.printf(
            "%s  term %d  %d %s%n", source, kept.term(), parts, parts == 1 ? "part" : "parts");
      } catch (CursorLostException e) {
        out.printf("%s  %s%n", source, e.getMessage());
        code = 1;
      }
    }
    out.flush();
    return code;
  }
}

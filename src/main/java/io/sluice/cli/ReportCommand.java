package io.sluice.cli;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code sluice report}: what every source of a running gateway brings, and what that takes.
 *
 * <p>Exit code 0, 1 when the gateway does not answer, 2 for wrong usage.
 */
@Command(
    name = "report",
    description =
        "Says of every source of a running gateway what it brought, how old that was, what it took,"
            + " and one sentence of advice.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ReportCommand implements Callable<Integer> {
  private static final String PAGE = "/api/v1/report";

  private final Supplier<Vertx> vertxs;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private AdminAddress admin;

  @Option(names = "--json", description = "Prints what the gateway answers, as JSON.")
  private boolean json;

  /**
   * The command.
   *
   * @param vertxs called once, when there is somebody to ask; whoever hands it in closes it
   */
  public ReportCommand(Supplier<Vertx> vertxs) {
    this.vertxs = vertxs;
  }

  @Override
  public Integer call() {
    try {
      JsonObject report = admin.get(vertxs.get(), PAGE);
      Optional<String> shown =
          json
              ? Optional.of(report.encodePrettily())
              : ReportAnswer.of(report).map(ReportTable::of);
      if (shown.isEmpty()) {
        return complain("the answer is no report");
      }
      PrintWriter out = spec.commandLine().getOut();
      out.println(shown.get());
      out.flush();
      return 0;
    } catch (AdminAddress.AdminException e) {
      return complain(String.valueOf(e.getMessage()));
    }
  }

  private int complain(String what) {
    spec.commandLine().getErr().println("sluice: " + what);
    return 1;
  }
}

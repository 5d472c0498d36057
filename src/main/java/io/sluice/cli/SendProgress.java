package io.sluice.cli;

import io.sluice.cli.send.Summary;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalLong;

/** How far a {@code send} is: a bar that is drawn over on a terminal, else a line now and then. */
final class SendProgress {
  private static final int WIDTH = 30;
  private static final long DRAW_NANOS = 200_000_000L;
  private static final long PLAIN_NANOS = 10_000_000_000L;

  private final PrintWriter out;
  private final boolean terminal;
  private final OptionalLong total;
  private long last = System.nanoTime();
  private boolean drawn;

  /**
   * @param total bytes to read, when known
   */
  SendProgress(PrintWriter out, boolean terminal, OptionalLong total) {
    this.out = out;
    this.terminal = terminal;
    this.total = total;
  }

  void show(long bytesRead, Summary summary) {
    long now = System.nanoTime();
    if (now - last < (terminal ? DRAW_NANOS : PLAIN_NANOS)) {
      return;
    }
    last = now;
    if (terminal) {
      out.print("\r" + bar(bytesRead) + counts(summary) + "\033[K");
      drawn = true;
    } else {
      out.println(counts(summary).strip());
    }
    out.flush();
  }

  void end() {
    if (drawn) {
      out.print("\r\033[K");
      out.flush();
    }
  }

  private String bar(long bytesRead) {
    if (total.isEmpty() || total.getAsLong() == 0) {
      return "";
    }
    double part = Math.min(1, (double) bytesRead / total.getAsLong());
    int full = (int) (part * WIDTH);
    return String.format(
        Locale.ROOT, "[%s%s] %3.0f %% ", "#".repeat(full), ".".repeat(WIDTH - full), part * 100);
  }

  private static String counts(Summary summary) {
    return String.format(
        Locale.ROOT,
        " %,d events, %,.0f/s, %d rejected, %d retries",
        summary.accepted(),
        summary.accepted() / summary.seconds(),
        summary.rejected(),
        summary.retries());
  }
}

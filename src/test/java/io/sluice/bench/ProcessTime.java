package io.sluice.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/** CPU time that a process has used, user and system, without its children. */
final class ProcessTime {
  /** Ticks a second of {@code /proc}, the same on every Linux that Java runs on (USER_HZ). */
  private static final long TICKS = 100;

  /** HotSpot's names of them, as proc(5) cuts names off. */
  private static final Pattern COMPILER = Pattern.compile("\\(C[12] Compiler");

  private ProcessTime() {}

  static Duration of(long pid) {
    Path stat = Path.of("/proc", Long.toString(pid), "stat");
    try {
      if (Files.isReadable(stat)) {
        return parse(Files.readString(stat));
      }
    } catch (IOException e) {
      // Then as on systems without /proc.
    }
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElseThrow(() -> new IllegalStateException("no CPU time of process " + pid));
  }

  /** What of it the just-in-time compilers have used so far; zero where there is no /proc. */
  static Duration ofCompilers(long pid) {
    Duration sum = Duration.ZERO;
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
      for (Path thread : threads) {
        String stat = Files.readString(thread.resolve("stat"));
        if (COMPILER.matcher(stat).find()) {
          sum = sum.plus(parse(stat));
        }
      }
    } catch (IOException e) {
      // No /proc, or a thread that ended meanwhile: it had nothing more to compile.
    }
    return sum;
  }

  /** Fields 14 and 15 of proc(5); the second, a name in brackets, may hold anything. */
  static Duration parse(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Duration.ofMillis(
        (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * (1000 / TICKS));
  }
}

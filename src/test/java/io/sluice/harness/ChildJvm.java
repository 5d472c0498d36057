package io.sluice.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A JVM of its own, with everything it prints in a file.
 *
 * <p>Closing kills it, so that no test leaves one behind. Used by one thread.
 */
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final Path log;

  private ChildJvm(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts the {@code java} that runs the caller.
   *
   * @param directory working directory
   * @param log file that standard output and error are appended to
   * @param command options, main class or {@code -jar}, and arguments
   */
  public static ChildJvm start(Path directory, Path log, List<String> command) {
    List<String> line = new ArrayList<>();
    line.add(java());
    line.addAll(command);
    return of(directory, log, line);
  }

  /** The {@code java} that runs the caller. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The caller's class path, for a JVM with another working directory. */
  public static String classPath() {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(System.getProperty("java.class.path"))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** Starts a program that becomes a JVM; otherwise like {@link #start}. */
  public static ChildJvm of(Path directory, Path log, List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      process.getOutputStream().close();
      return new ChildJvm(process, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /** What the process printed so far. */
  public String output() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sends SIGTERM and waits for the end; past the limit the process is killed and the call fails.
   */
  public int stop(Duration limit) {
    process.destroy();
    return exitCode(limit);
  }

  /** Sends SIGTERM and waits for nothing. */
  public void terminate() {
    process.destroy();
  }

  /** Waits for the end; past the limit the process is killed and the call fails. */
  public int exitCode(Duration limit) {
    try {
      if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    kill();
    throw new AssertionError("did not end within " + limit + ", and printed:\n" + output());
  }

  /** Sends SIGKILL and waits until the process is gone. */
  public void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
  }
}

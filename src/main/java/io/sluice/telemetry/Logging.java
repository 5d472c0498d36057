package io.sluice.telemetry;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.LoggerFactory;

/**
 * Where log entries go: to standard error, because standard output belongs to what a command prints
 * and to the console sink.
 */
public final class Logging {
  private static final int WAITING_ENTRIES = 8192;

  private Logging() {}

  /**
   * Writes entries of {@code level} and above from now on, on a thread of its own: when whoever
   * reads standard error falls behind, entries are dropped and nothing waits. Replaces what was set
   * before, a file named by {@code logback.configurationFile} included. Call it once, early.
   *
   * @param level of our own entries; libraries speak from warning on
   */
  public static void start(LogFormat format, org.slf4j.event.Level level) {
    LoggerContext context = context();
    context.reset();
    AsyncAppender queue = new AsyncAppender();
    queue.setContext(context);
    queue.setName("queue");
    queue.setQueueSize(WAITING_ENTRIES);
    queue.setDiscardingThreshold(0);
    queue.setNeverBlock(true);
    queue.addAppender(console(context, format));
    queue.start();
    attach(context, queue, Level.convertAnSLF4JLevel(level));
  }

  /** Writes out what still waits, for a second at most, and ends logging. Blocks: call it last. */
  public static void stop() {
    context().stop();
  }

  static void attach(LoggerContext context, Appender<ILoggingEvent> appender, Level level) {
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    context.getLogger("io.sluice").setLevel(level);
  }

  static ConsoleAppender<ILoggingEvent> console(LoggerContext context, LogFormat format) {
    LogEncoder encoder = new LogEncoder(format);
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setName("console");
    console.setTarget("System.err");
    console.setEncoder(encoder);
    console.start();
    return console;
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }
}

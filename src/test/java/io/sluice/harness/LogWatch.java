package io.sluice.harness;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Listens to all loggers of the process and keeps what a test should not have caused. */
final class LogWatch extends AppenderBase<ILoggingEvent> {
  private final List<String> offences = new CopyOnWriteArrayList<>();
  private final Level gravest;

  private LogWatch(Level gravest) {
    this.gravest = gravest;
  }

  /** Begins to listen. */
  static LogWatch start(Level gravest) {
    LogWatch watch = new LogWatch(gravest);
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    watch.setContext(context);
    watch.start();
    root().addAppender(watch);
    return watch;
  }

  /** Ends listening. What was kept, an entry each. */
  List<String> end() {
    root().detachAppender(this);
    stop();
    return List.copyOf(offences);
  }

  @Override
  protected void append(ILoggingEvent entry) {
    if (entry.getLevel().toInt() > gravest.toInt() * 1000 || isNeverAllowed(entry)) {
      String thrown =
          entry.getThrowableProxy() == null
              ? ""
              : "\n" + ThrowableProxyUtil.asString(entry.getThrowableProxy());
      offences.add(
          "%s %s: %s %s%s"
              .formatted(
                  entry.getLevel(),
                  entry.getLoggerName(),
                  entry.getFormattedMessage(),
                  entry.getKeyValuePairs() == null ? "" : entry.getKeyValuePairs(),
                  thrown));
    }
  }

  private static boolean isNeverAllowed(ILoggingEvent entry) {
    String logger = entry.getLoggerName();
    boolean warns = entry.getLevel().isGreaterOrEqual(ch.qos.logback.classic.Level.WARN);
    return warns && (logger.endsWith("BlockedThreadChecker") || logger.endsWith("LeakDetector"));
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }
}

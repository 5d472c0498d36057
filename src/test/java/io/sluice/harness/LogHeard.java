package io.sluice.harness;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * What one class logs while this is open, from INFO up: level, message and key-values, a line each.
 */
public final class LogHeard extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Logger logger;
  private final Level before;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private LogHeard(Logger logger) {
    this.logger = logger;
    this.before = logger.getLevel();
  }

  /** Begins to listen. */
  public static LogHeard of(Class<?> who) {
    Logger logger = (Logger) LoggerFactory.getLogger(who);
    LogHeard heard = new LogHeard(logger);
    heard.setContext(logger.getLoggerContext());
    heard.start();
    logger.addAppender(heard);
    logger.setLevel(Level.INFO);
    return heard;
  }

  @Override
  protected void append(ILoggingEvent entry) {
    Stream<String> pairs =
        entry.getKeyValuePairs() == null
            ? Stream.empty()
            : entry.getKeyValuePairs().stream().map(pair -> pair.key + "=" + pair.value);
    lines.add(
        Stream.concat(Stream.of(entry.getLevel() + " " + entry.getFormattedMessage()), pairs)
            .collect(Collectors.joining(" ")));
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    logger.setLevel(before);
    logger.detachAppender(this);
    stop();
  }
}

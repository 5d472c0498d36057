package io.sluice.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Writes entries in one of the two forms. Logback's own JSON encoder lets C1 controls and line
 * separators pass and nests key-values, so this one is ours. Safe for every thread.
 */
final class LogEncoder extends EncoderBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final int LONGEST_TRACE = 16 * 1024;

  private final LogFormat format;

  LogEncoder(LogFormat format) {
    this.format = format;
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent entry) {
    StringBuilder line = new StringBuilder(256);
    if (format == LogFormat.JSON) {
      json(line, entry);
    } else {
      text(line, entry);
    }
    return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void text(StringBuilder line, ILoggingEvent entry) {
    line.append(TIME.format(time(entry))).append(' ');
    String level = entry.getLevel().toString();
    line.append(level).append(" ".repeat(Math.max(0, 5 - level.length()))).append(' ');
    String logger = entry.getLoggerName();
    Plain.append(line, logger.substring(logger.lastIndexOf('.') + 1), Plain.LONGEST, false);
    line.append(": ");
    Plain.append(line, message(entry), Plain.LONGEST, false);
    for (KeyValuePair pair : pairs(entry)) {
      line.append(' ');
      Plain.append(line, pair.key, Plain.LONGEST, false);
      line.append('=');
      value(line, shown(pair.value));
    }
    IThrowableProxy thrown = entry.getThrowableProxy();
    if (thrown != null) {
      line.append(" error=");
      value(line, Cause.line(thrown));
      if (Cause.isBug(thrown)) {
        Cause.frames(line, thrown, "\n    ");
      }
    }
  }

  private static void value(StringBuilder line, String value) {
    boolean quoted =
        value.isEmpty() || value.chars().anyMatch(c -> c <= ' ' || c == '"' || c == '=');
    line.append(quoted ? "\"" : "");
    Plain.append(line, value, Plain.LONGEST, quoted);
    line.append(quoted ? "\"" : "");
  }

  private static void json(StringBuilder line, ILoggingEvent entry) {
    line.append("{\"time\":\"").append(TIME.format(time(entry)));
    line.append("\",\"level\":\"").append(entry.getLevel()).append('"');
    field(line, "logger", entry.getLoggerName(), Plain.LONGEST);
    field(line, "thread", entry.getThreadName(), Plain.LONGEST);
    field(line, "message", message(entry), Plain.LONGEST);
    Set<String> taken =
        new HashSet<>(List.of("time", "level", "logger", "thread", "message", "error", "stack"));
    for (KeyValuePair pair : pairs(entry)) {
      String key = pair.key;
      while (!taken.add(key)) {
        key += "_";
      }
      if (isPlainNumber(pair.value) || pair.value instanceof Boolean) {
        name(line, key).append(pair.value);
      } else {
        field(line, key, shown(pair.value), Plain.LONGEST);
      }
    }
    IThrowableProxy thrown = entry.getThrowableProxy();
    if (thrown != null) {
      field(line, "error", Cause.line(thrown), Plain.LONGEST);
      if (Cause.isBug(thrown)) {
        StringBuilder frames = new StringBuilder();
        Cause.frames(frames, thrown, "\n");
        field(line, "stack", frames.toString().stripLeading(), LONGEST_TRACE);
      }
    }
    line.append('}');
  }

  /** Durations as configuration writes them, as far as it can. */
  private static String shown(@Nullable Object value) {
    return value instanceof Duration duration
        ? duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT)
        : String.valueOf(value);
  }

  private static boolean isPlainNumber(Object value) {
    return value instanceof Integer || value instanceof Long || value instanceof Short;
  }

  private static StringBuilder name(StringBuilder line, String name) {
    line.append(",\"");
    Plain.append(line, name, Plain.LONGEST, true);
    return line.append("\":");
  }

  private static void field(StringBuilder line, String name, String value, int longest) {
    name(line, name).append('"');
    Plain.append(line, value, longest, true);
    line.append('"');
  }

  private static Instant time(ILoggingEvent entry) {
    return Instant.ofEpochMilli(entry.getTimeStamp());
  }

  private static String message(ILoggingEvent entry) {
    return String.valueOf(entry.getFormattedMessage());
  }

  private static List<KeyValuePair> pairs(ILoggingEvent entry) {
    List<KeyValuePair> pairs = entry.getKeyValuePairs();
    return pairs == null ? List.of() : pairs;
  }
}

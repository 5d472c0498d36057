package io.sluice.config;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/**
 * One thing that is wrong with a configuration, or, as a warning, one that is probably not meant.
 *
 * @param severity whether the configuration can be used nevertheless
 * @param file where it stands
 * @param pointer the place in the merged document, as a JSON pointer (RFC 6901); empty for a whole
 *     file
 * @param line from 1; 0 where no line can be named
 * @param column characters from 1; 0 where no line can be named
 * @param message what is wrong, without any secret
 * @param suggestion what was probably meant, or what to do
 */
public record Problem(
    Severity severity,
    Path file,
    String pointer,
    int line,
    int column,
    String message,
    Optional<String> suggestion) {
  /** By file, then downwards in it. */
  static final Comparator<Problem> IN_READING_ORDER =
      Comparator.comparing(Problem::file)
          .thenComparingInt(Problem::line)
          .thenComparingInt(Problem::column)
          .thenComparing(Problem::pointer)
          .thenComparing(Problem::message);

  /** How bad it is. */
  public enum Severity {
    ERROR,
    WARNING
  }

  public boolean error() {
    return severity == Severity.ERROR;
  }

  /** One line for the operator, beginning with {@code file:line:column}. */
  @Override
  public String toString() {
    return file
        + (line == 0 ? "" : ":" + line + ":" + column)
        + ": "
        + (error() ? "" : "warning: ")
        + (pointer.isEmpty() ? "" : pointer + ": ")
        + message
        + suggestion.map(hint -> "; " + hint).orElse("");
  }
}

package io.sluice.source.poll.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the header {@code Link}, RFC 8288 section 3. */
final class Links {
  private Links() {}

  /** The target of the first link whose relation is {@code next}. */
  static Optional<String> next(List<String> headers) {
    for (String header : headers) {
      int at = header.indexOf('<');
      while (at >= 0) {
        int close = header.indexOf('>', at);
        if (close < 0) {
          break;
        }
        int end = end(header, close + 1);
        if (isNext(header.substring(close + 1, end))) {
          return Optional.of(header.substring(at + 1, close).strip());
        }
        at = header.indexOf('<', end);
      }
    }
    return Optional.empty();
  }

  /** Where the comma behind a link is, or the end; commas in quotes are none. */
  private static int end(String header, int from) {
    boolean quoted = false;
    for (int at = from; at < header.length(); at++) {
      char c = header.charAt(at);
      if (quoted && c == '\\') {
        at++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        return at;
      }
    }
    return header.length();
  }

  private static boolean isNext(String parameters) {
    int at = 0;
    while (at < parameters.length()) {
      int next = semicolon(parameters, at);
      String[] parameter = parameters.substring(at, next).strip().split("=", 2);
      // Of several, the first counts.
      if (parameter.length == 2 && parameter[0].strip().equalsIgnoreCase("rel")) {
        String relations = parameter[1].strip().replace("\"", "").toLowerCase(Locale.ROOT);
        return List.of(relations.split("\\s+", -1)).contains("next");
      }
      at = next + 1;
    }
    return false;
  }

  private static int semicolon(String text, int from) {
    boolean quoted = false;
    for (int at = from; at < text.length(); at++) {
      char c = text.charAt(at);
      if (quoted && c == '\\') {
        at++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ';' && !quoted) {
        return at;
      }
    }
    return text.length();
  }
}

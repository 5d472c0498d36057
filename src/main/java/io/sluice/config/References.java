package io.sluice.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code ${env:NAME}}, {@code ${env:NAME:-default}} and {@code ${file:/path}} in strings;
 * A doubled dollar sign before the brace makes it plain text. What comes from a file is secret. A
 * file loses one line end at its end, which editors put there.
 */
final class References {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)(}?)");
  static final long LARGEST = 1 << 20;

  private final Environment environment;
  private final Problems problems;
  private final Map<String, String> files = new HashMap<>();

  References(Environment environment, Problems problems) {
    this.environment = environment;
    this.problems = problems;
  }

  /** A string without references. */
  record Resolved(String text, boolean secret, boolean broken) {}

  Resolved resolve(String pointer, String text) {
    StringBuilder whole = new StringBuilder();
    boolean secret = false;
    boolean broken = false;
    Matcher reference = REFERENCE.matcher(text);
    while (reference.find()) {
      String inner = reference.group(1);
      if (inner == null) {
        reference.appendReplacement(whole, Matcher.quoteReplacement("${"));
        continue;
      }
      Optional<String> value = value(pointer, inner, !reference.group(2).isEmpty());
      secret |= inner.startsWith("file:");
      broken |= value.isEmpty();
      reference.appendReplacement(whole, Matcher.quoteReplacement(value.orElse("")));
    }
    reference.appendTail(whole);
    if (secret) {
      problems.hide(whole.toString());
    }
    return new Resolved(whole.toString(), secret, broken);
  }

  private Optional<String> value(String pointer, String inner, boolean closed) {
    if (!closed) {
      return wrong(pointer, "has a ${ without its }", "write $${ for a plain ${");
    }
    if (inner.startsWith("env:")) {
      return variable(pointer, inner.substring("env:".length()));
    }
    if (inner.startsWith("file:")) {
      return file(pointer, inner.substring("file:".length()));
    }
    return wrong(
        pointer,
        "has a reference ${" + inner + "} that is neither ${env:NAME} nor ${file:/path}",
        "write $${ for a plain ${");
  }

  private Optional<String> variable(String pointer, String inner) {
    int dash = inner.indexOf(":-");
    String name = dash < 0 ? inner : inner.substring(0, dash);
    String value = environment.get(name);
    if (value != null && !(value.isEmpty() && dash >= 0)) {
      return Optional.of(value);
    }
    return dash >= 0
        ? Optional.of(inner.substring(dash + 2))
        : wrong(
            pointer,
            "needs the environment variable " + name + ", which is not set",
            "set it, or write ${env:" + name + ":-default}");
  }

  private Optional<String> file(String pointer, String name) {
    String known = files.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    try {
      Path path = Path.of(name);
      if (Files.size(path) > LARGEST) {
        return wrong(
            pointer, "needs the file " + name + ", which is larger than 1MiB", "name another file");
      }
      PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
      if (view != null
          && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ)) {
        problems.warning(
            pointer, "needs the file " + name + ", which everybody on this machine may read");
      }
      String text = Files.readString(path).replaceFirst("\\r?\\n\\z", "");
      problems.hide(text);
      files.put(name, text);
      return Optional.of(text);
    } catch (InvalidPathException | IOException failure) {
      return wrong(
          pointer,
          "needs the file " + name + ", which " + Reading.cause(failure),
          "check the path and who may read it");
    }
  }

  private Optional<String> wrong(String pointer, String message, String hint) {
    problems.error(pointer, message, Optional.of(hint));
    return Optional.empty();
  }
}

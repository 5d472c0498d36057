package io.sluice.source.poll.directory;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.regex.PatternSyntaxException;

/**
 * A directory and a pattern for files below it, as {@link java.nio.file.FileSystem#getPathMatcher}
 * has them, except that {@code **}{@code /} stands for no directory too.
 *
 * @param root where to look
 * @param depth how deep below the root a file can be
 * @param matcher of paths relative to the root
 */
record Glob(Path root, int depth, PathMatcher matcher) {
  private static final String SPECIAL = "*?[{\\";

  /**
   * The pattern that {@code text} is.
   *
   * @throws IllegalArgumentException with what is wrong
   */
  static Glob parse(String text) {
    int special = 0;
    while (special < text.length() && SPECIAL.indexOf(text.charAt(special)) < 0) {
      special++;
    }
    int slash = text.lastIndexOf('/', special);
    String pattern = text.substring(slash + 1);
    if (pattern.isEmpty()) {
      throw new IllegalArgumentException("names no files; to read all of a directory, end in /*");
    }
    String root = slash < 0 ? "." : slash == 0 ? "/" : text.substring(0, slash);
    int depth =
        pattern.contains("**")
            ? Integer.MAX_VALUE
            : 1 + (int) pattern.chars().filter(each -> each == '/').count();
    try {
      PathMatcher matcher =
          FileSystems.getDefault().getPathMatcher("glob:" + pattern.replace("**/", "{**/,}"));
      return new Glob(Path.of(root), depth, matcher);
    } catch (PatternSyntaxException bad) {
      throw new IllegalArgumentException("is no pattern for files: " + bad.getDescription(), bad);
    }
  }

  /** Whether a file is meant. */
  boolean matches(Path relative) {
    return matcher.matches(relative);
  }
}

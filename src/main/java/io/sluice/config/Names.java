package io.sluice.config;

import java.util.regex.Pattern;

/**
 * What a source, stream or sink may be called: names become directories, metric labels and parts of
 * URLs.
 */
public final class Names {
  /** The rule as an ECMA-262 regular expression. */
  public static final String PATTERN = "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$";

  /** The rule as the end of a sentence that begins with the name. */
  public static final String RULE =
      "must be 1 to 64 of the characters A-Z a-z 0-9 . _ - and not begin with a dot";

  private static final Pattern FORM = Pattern.compile(PATTERN);

  private Names() {}

  public static boolean fits(String name) {
    return FORM.matcher(name).matches();
  }
}

package io.sluice.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A value that never shows: not in logs, dumps, errors or the admin pages. Compares in time that
 * does not depend on where two secrets differ.
 */
@Text(what = "a secret, best written as ${file:/run/secrets/name}")
public final class Secret {
  /** What stands wherever a secret would have been printed. */
  public static final String MASK = "********";

  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  public static Secret parse(String value) {
    return new Secret(value);
  }

  /** The value itself, for the one place that has to use it. */
  public String reveal() {
    return value;
  }

  /** Whether {@code candidate} is this secret. */
  public boolean matches(String candidate) {
    return MessageDigest.isEqual(bytes(value), bytes(candidate));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && matches(secret.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return MASK;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

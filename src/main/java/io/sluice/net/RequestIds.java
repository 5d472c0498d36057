package io.sluice.net;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Names for requests that went wrong, to find them in the log. Confined to one event loop. */
public final class RequestIds {
  private static final SecureRandom RANDOM = new SecureRandom();

  private long next = RANDOM.nextLong();

  /** Sixteen hexadecimal digits, never the same twice. */
  public String next() {
    // An odd step visits every value once; this one makes neighbours look different.
    next += 0x9E3779B97F4A7C15L;
    return HexFormat.of().toHexDigits(next);
  }
}

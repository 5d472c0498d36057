package io.sluice.connector;

import io.sluice.config.HostPort;
import java.util.Optional;

/**
 * Something a connector must own, alone or together with others on the same terms. Two connectors
 * whose claims clash cannot run together, and a configuration that says so is refused before
 * anything is touched.
 *
 * @param kind the sort of thing: {@code route}, {@code port}, {@code file}
 * @param what which one
 * @param terms in words, what all that share it have to agree on; absent when it is for one alone
 */
public record Claim(String kind, String what, Optional<String> terms) {
  private static final String PORT = "port";

  /** Something for one alone. */
  public Claim(String kind, String what) {
    this(kind, what, Optional.empty());
  }

  /** A port for one alone. */
  public static Claim port(HostPort listen) {
    return new Claim(PORT, listen.toString());
  }

  /** A port for all that agree on the terms. */
  public static Claim port(HostPort listen, String terms) {
    return new Claim(PORT, listen.toString(), Optional.of(terms));
  }

  /** Whether not both can be had. A port on every address is also one on each. */
  public boolean clashes(Claim other) {
    if (!kind.equals(other.kind) || what.endsWith(":0")) {
      return false;
    }
    if (what.equals(other.what)) {
      return terms.isEmpty() || !terms.equals(other.terms);
    }
    return kind.equals(PORT)
        && number().equals(other.number())
        && (everywhere() || other.everywhere());
  }

  /** Claims that clash have the same. */
  public String place() {
    return kind + " " + (kind.equals(PORT) ? number() : what);
  }

  private String number() {
    return what.substring(what.lastIndexOf(':'));
  }

  private boolean everywhere() {
    return what.startsWith("0.0.0.0:") || what.startsWith("[::]:");
  }

  @Override
  public String toString() {
    return kind + " " + what;
  }
}

package io.sluice.connector;

/**
 * Something a connector must own alone. Two connectors with equal claims cannot run together, and a
 * configuration that says so is refused before anything is touched.
 *
 * @param kind the sort of thing: {@code route}, {@code port}, {@code file}
 * @param what which one
 */
public record Claim(String kind, String what) {
  @Override
  public String toString() {
    return kind + " " + what;
  }
}

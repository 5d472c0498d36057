package io.sluice.connector;

/** Takes what is wrong with the things a configuration names: files that are missing, say. */
public interface Findings {
  /**
   * Something that cannot work.
   *
   * @param key the key that names it, as a path with slashes below the connector's settings
   * @param message what is wrong, to be read after the key; never repeats a secret
   */
  void error(String key, String message);

  /** Something that works, and is probably not meant; otherwise like {@link #error}. */
  void warning(String key, String message);
}

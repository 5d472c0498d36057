package io.sluice.telemetry;

/** How an entry of the log is written. */
public enum LogFormat {
  /** One readable line; a bug's stack trace follows it, indented. */
  TEXT,
  /** One JSON object on one line. */
  JSON;

  /** The name on the command line. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}

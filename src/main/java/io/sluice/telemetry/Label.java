package io.sluice.telemetry;

import io.micrometer.core.instrument.Tag;

/**
 * The labels a metric may carry. Values are names from the configuration or words of a fixed set,
 * never anything a client sent: so the number of series is bounded by the configuration.
 */
public enum Label {
  /** A source's name. */
  SOURCE,
  /** A stream's name. */
  STREAM,
  /** A sink's name. */
  SINK,
  /** An address that is listened on, as the configuration has it. */
  LISTEN,
  /** Why, one word of a fixed set. */
  REASON,
  /** How it ended, one word of a fixed set. */
  OUTCOME;

  /** The name in a scrape. */
  public String key() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  public Tag of(String value) {
    return Tag.of(key(), value);
  }
}

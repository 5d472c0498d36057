package io.sluice.journal;

/** What to do when events that had been forced cannot be read. */
public enum OnCorruption {
  /** Skip to the next frame that can be read, report what is lost, keep the damaged file. */
  QUARANTINE,
  /** Refuse to open, or to read on, with a {@link DamagedException}. */
  FAIL
}

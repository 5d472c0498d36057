package io.sluice.control;

/** What becomes of an event that a sink's destination will never take. */
public enum OnRefused {
  /** Kept aside with the reason, to be listed and replayed. */
  DEAD_LETTER,
  /** The sink stops before it until the operator decides. */
  HALT,
  /** Given up and counted. */
  DROP
}

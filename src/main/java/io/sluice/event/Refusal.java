package io.sluice.event;

/** Why a batch was not taken. */
public enum Refusal {
  /** No credit came within the wait: whoever is downstream is slower than who is upstream. */
  NO_CREDIT,
  /** The stream holds {@code maxBytes} and its {@code whenFull} is {@code reject}. */
  STREAM_FULL,
  /** The journal's disk has no room left. */
  DISK_FULL,
  /** The journal's disk failed; nothing is taken until a restart. */
  JOURNAL_FAILED,
  /** The gateway or this part of it is shutting down. */
  DRAINING,
  /** The batch is larger than the stream's whole budget and can never be taken. */
  TOO_LARGE,
  /** Events of the client's session are missing before the batch; see {@link Sequence}. */
  OUT_OF_SEQUENCE,
  /** The database that replicas share cannot be asked whether another one has the events. */
  REPLICA_STORE,
  /** The receipt did not come in time; the events may still be kept. */
  UNKNOWN;

  /** The metric label and the {@code code} of a problem document. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}

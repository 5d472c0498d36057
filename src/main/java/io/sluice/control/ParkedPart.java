package io.sluice.control;

import java.util.Locale;
import java.util.Optional;

/**
 * Something in the data directory that belongs to no part of the configuration any more.
 *
 * @param name of the stream, sink or source it was
 * @param stream where it is the position of a sink in a stream that there still is; empty where it
 *     is files
 * @param events how many are kept with it
 * @param bytes what it takes on the disk; of a position, what is kept for it alone
 */
public record ParkedPart(Kind kind, String name, Optional<String> stream, long events, long bytes) {
  /** What it was. */
  public enum Kind {
    /** A journal, with positions of its sinks. */
    STREAM,
    /** A position; or what a sink remembers itself, and its dead letters. */
    SINK,
    /** How far a pull source had read. */
    SOURCE;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether it is meant by who names a stream, sink or source, and perhaps one stream of it. */
  public boolean meant(Kind wanted, String named, Optional<String> of) {
    return kind == wanted && name.equals(named) && (of.isEmpty() || of.equals(stream));
  }
}

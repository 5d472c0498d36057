package io.sluice.journal;

import io.sluice.event.Position;

/**
 * Events that can no longer be read.
 *
 * @param from the first one lost
 * @param to behind the last one lost; equal to {@code from} where their number is unknown
 * @param segment the file
 * @param offset where in the file what cannot be read begins; bytes
 * @param forced whether they had been forced to disk. Those that had not were never acknowledged
 *     under {@link Sync#ALWAYS}, and losing them is what a power cut does
 */
public record Damage(Position from, Position to, String segment, long offset, boolean forced) {
  /** How many events. */
  public long events() {
    return to.ordinal() - from.ordinal();
  }
}

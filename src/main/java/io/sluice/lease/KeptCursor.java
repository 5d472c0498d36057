package io.sluice.lease;

import io.sluice.connector.Cursor;
import io.sluice.connector.CursorLostException;

/**
 * How far a pull source was read, as an operator finds it. Immutable.
 *
 * @param replica that has the lease, as far as is known; empty when none has
 * @param term of the latest holder
 * @param cursor reads it
 */
public record KeptCursor(String source, String replica, long term, Content cursor) {
  /** What is kept, sound or not. */
  @FunctionalInterface
  public interface Content {
    /**
     * Reads it.
     *
     * @throws CursorLostException when it is damaged, or of a later version
     */
    Cursor read() throws CursorLostException;
  }
}

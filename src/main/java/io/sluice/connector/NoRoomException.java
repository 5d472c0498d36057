package io.sluice.connector;

import io.sluice.event.Receipt;

/**
 * There was no room for a batch within the wait. Carries no stack trace: running out of room is
 * normal.
 */
public final class NoRoomException extends RuntimeException {
  private final transient Receipt.Refused refused;

  public NoRoomException(Receipt.Refused refused) {
    super(refused.detail(), null, false, false);
    this.refused = refused;
  }

  /** The answer to give to whoever wanted the room. */
  public Receipt.Refused refused() {
    return refused;
  }
}

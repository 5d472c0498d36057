package io.sluice.connector;

import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Receipt;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * Bytes of an {@link Inlet} that are set aside for one batch. Ends with {@link #put} or {@link
 * #release}, whichever comes first; confined to the inlet's event loop.
 */
public interface Room {
  long bytes();

  /**
   * Takes {@code more} bytes in addition.
   *
   * @param wait how long to stand in line for them
   * @return fails with {@link NoRoomException}; the room as it was stays taken then
   */
  Future<Void> grow(long more, Duration wait);

  /**
   * Puts a batch into the stream and gives back what it did not need; the batch must weigh no more
   * than {@link #bytes()}.
   *
   * @param ack how much must be true before the receipt comes
   * @return the receipt; never fails, and completes exactly once
   * @throws IllegalStateException when the batch weighs more than the room, or the room has ended
   */
  Future<Receipt> put(Batch batch, Ack ack);

  /** Gives the room back unused. Does nothing when the room has ended. */
  void release();
}

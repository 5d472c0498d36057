package io.sluice.connector;

import io.vertx.core.Future;
import java.time.Duration;

/**
 * A source's way into its stream, under the stream's credit: first room, then bytes.
 *
 * <p>Created on an event loop by {@link SourceContext#openInlet()} and confined to it; every future
 * completes there. What is put within one turn of that loop travels to the stream together.
 */
public interface Inlet {
  /**
   * Takes room before the bytes are read, so that what waits in memory is always counted.
   *
   * @param bytes how much; {@link io.sluice.event.Batch#weight()} is the measure. More can be taken
   *     later with {@link Room#grow}
   * @param wait how long to stand in line for it; zero answers at once
   * @return the room, or a {@link NoRoomException} that says why and when to come back
   */
  Future<Room> reserve(long bytes, Duration wait);

  /** Bytes that could be reserved at this moment. */
  long free();

  /** Gives the room back and takes no more. What was put before is still answered. */
  Future<Void> close();
}

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
   * <p>While there is not enough for all who stand in line, each of them is given as many bytes as
   * any other, however often one asks and for however much.
   *
   * @param who on whose behalf: those with the same word share one turn; see {@link Party}
   * @param bytes how much; {@link io.sluice.event.Batch#weight()} is the measure. More can be taken
   *     later with {@link Room#grow}
   * @param wait how long to stand in line for it; zero answers at once
   * @return the room, or a {@link NoRoomException} that says why and when to come back
   */
  Future<Room> reserve(String who, long bytes, Duration wait);

  /** Takes room where there is only one on whose behalf it could be. */
  default Future<Room> reserve(long bytes, Duration wait) {
    return reserve("", bytes, wait);
  }

  /**
   * Asks for leave to work on bytes that came, before they are looked through: what one party has
   * under way on an event loop, to the receipt, is bounded, and tightly so while others send, too.
   * So whoever sends little never finds much of another's before it.
   *
   * @param who on whose behalf; see {@link Party}
   * @param bytes how many came
   * @return completes when the work may begin, at once unless the party has much under way; fails
   *     with a {@link NoRoomException} when the inlet closes
   */
  default Future<Work> begin(String who, long bytes) {
    return Future.succeededFuture(() -> {});
  }

  /**
   * How far the stream is in a client's session: the number of the last event up to which it has
   * all of them, so that the client goes on with the next. 0 for a session it does not know, or has
   * forgotten.
   *
   * <p>Answered when nothing of that session is under way in the stream any more. What another
   * connection of the same client still brings after that does no harm: whatever the stream has by
   * then is left out and counted as a duplicate.
   *
   * @return fails while the stream does not run; worth asking again then
   * @see io.sluice.event.Sequence
   */
  Future<Long> through(String session);

  /** Bytes that could be reserved at this moment. */
  long free();

  /** Gives the room back and takes no more. What was put before is still answered. */
  Future<Void> close();
}

package io.sluice.stream;

import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Position;
import io.sluice.event.Refusal;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A log over another one, which does all that the upper one does not do in another way; and in
 * between for what the other one tells.
 */
interface LogOver extends Log, Log.Keeper {
  /** The other one. */
  Log inner();

  /** Who is told. */
  Keeper told();

  @Override
  default void refused(Ticket ticket, Refusal why) {
    told().refused(ticket, why);
  }

  @Override
  default void voided(Position first, Ticket ticket, BitSet voids, Refusal why) {
    told().voided(first, ticket, voids, why);
  }

  @Override
  default void grown() {
    told().grown();
  }

  @Override
  default UUID identity() {
    return inner().identity();
  }

  @Override
  default void remember(Memory memory, Position upTo) {
    inner().remember(memory, upTo);
  }

  @Override
  default Position remembered() {
    return inner().remembered();
  }

  @Override
  default void follow(StreamSettings settings) {
    inner().follow(settings);
  }

  @Override
  default Ack promise() {
    return inner().promise();
  }

  @Override
  default void append(Batch batch, Ticket ticket) {
    inner().append(batch, ticket);
  }

  @Override
  default Position first() {
    return inner().first();
  }

  @Override
  default long bytes() {
    return inner().bytes();
  }

  @Override
  default long bytesFrom(long ordinal) {
    return inner().bytesFrom(ordinal);
  }

  @Override
  default Position resume(Position held) {
    return inner().resume(held);
  }

  @Override
  default Optional<Position> cursor(String sink) {
    return inner().cursor(sink);
  }

  @Override
  default Map<String, Position> cursors() {
    return inner().cursors();
  }

  @Override
  default void forgetCursor(String sink) {
    inner().forgetCursor(sink);
  }

  @Override
  default void keepCursor(String sink, Position position) {
    inner().keepCursor(sink, position);
  }

  @Override
  default void release(Position position) {
    inner().release(position);
  }

  @Override
  default boolean dropOldest(long keep) {
    return inner().dropOldest(keep);
  }
}

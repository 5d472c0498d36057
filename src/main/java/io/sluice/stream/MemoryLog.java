package io.sluice.stream;

import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Position;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A log without a disk: what is in it ends with the process. Its epoch is drawn by lot, so that a
 * place in it is no place in the one before: a sink that keeps its own position on a disk would
 * take as many new events for old ones as it had of that.
 */
final class MemoryLog implements Log {
  private final Window window = new Window();
  private @Nullable Keeper keeper;
  private final UUID identity = UUID.randomUUID();
  private Position next =
      new Position(ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE), 0);

  @Override
  public Future<Opened> open(Keeper told, Optional<KeysMade> keys) {
    keeper = told;
    return Future.succeededFuture(new Opened(Memory.empty(keys), next));
  }

  @Override
  public UUID identity() {
    return identity;
  }

  @Override
  public void remember(Memory memory, Position upTo) {
    // ends with the process, as the events do
  }

  @Override
  public Position remembered() {
    return next;
  }

  @Override
  public void follow(StreamSettings settings) {
    // How much there may be is the stream's to say.
  }

  @Override
  public Ack promise() {
    return Ack.ACCEPTED;
  }

  @Override
  public void append(Batch batch, Ticket ticket) {
    Position first = next;
    window.add(new Entry(first, batch));
    next = next.plus(batch.size());
    if (keeper != null) {
      keeper.kept(first, ticket);
    }
  }

  @Override
  public Position first() {
    return window.isEmpty() ? next : window.oldest().first();
  }

  @Override
  public Position next() {
    return next;
  }

  @Override
  public long bytes() {
    return window.weight();
  }

  @Override
  public Position resume(Position held) {
    return held.epoch() != next.epoch() || held.ordinal() < first().ordinal()
        ? first()
        : held.ordinal() > next.ordinal() ? next : held;
  }

  @Override
  public Future<List<Entry>> read(Position from, long most) {
    return Future.succeededFuture(
        window.holds(from.ordinal()) ? window.read(from.ordinal(), most) : List.of());
  }

  @Override
  public Optional<Position> cursor(String sink) {
    return Optional.empty();
  }

  @Override
  public Map<String, Position> cursors() {
    return Map.of();
  }

  @Override
  public void forgetCursor(String sink) {
    // none is remembered
  }

  @Override
  public long bytesFrom(long ordinal) {
    return window.weight();
  }

  @Override
  public void keepCursor(String sink, Position position) {
    // ends with the process, as the events do
  }

  @Override
  public void release(Position position) {
    while (!window.isEmpty() && window.oldest().end() <= position.ordinal()) {
      window.removeOldest();
    }
  }

  @Override
  public boolean dropOldest(long keep) {
    boolean any = false;
    while (window.weight() > keep) {
      window.removeOldest();
      any = true;
    }
    return any;
  }

  @Override
  public boolean healthy() {
    return true;
  }

  @Override
  public Future<Void> close(Memory memory, Position upTo) {
    return Future.succeededFuture();
  }
}

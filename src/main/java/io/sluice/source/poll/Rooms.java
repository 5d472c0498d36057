package io.sluice.source.poll;

import io.sluice.connector.Inlet;
import io.sluice.connector.Room;
import io.sluice.event.Batch;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * Room for the batches that one poll has in hand, one for each: those it reads and those it puts.
 * Confined to the event loop of its source.
 */
final class Rooms {
  /** So many batches of others must fit in beside what is read ahead. */
  private static final int PLENTY = 4;

  private final Inlet inlet;
  private final Duration patience;
  private final Deque<Room> rooms = new ArrayDeque<>();
  private int width = 1;
  private int sought;
  private boolean closed;

  /**
   * With one to begin with.
   *
   * @param patience how long to stand in line for room
   */
  Rooms(Inlet inlet, Room first, Duration patience) {
    this.inlet = inlet;
    this.patience = patience;
    rooms.add(first);
  }

  /** Takes more as long as there is plenty; how many batches there is to be room for now. */
  int widen(int most) {
    boolean plenty = !closed;
    while (plenty && width < most && inlet.free() >= (long) PLENTY * Run.BATCH) {
      Future<Room> more = inlet.reserve(Run.BATCH, Duration.ZERO).onSuccess(this::add);
      plenty = more.succeeded();
      width += plenty ? 1 : 0;
    }
    return width;
  }

  /** Stands in line for one in place of one that was used, unless there are enough. */
  Future<Void> again() {
    if (rooms.size() + sought >= width) {
      return Future.succeededFuture();
    }
    sought++;
    return inlet
        .reserve(Run.BATCH, patience)
        .onComplete(come -> sought--)
        .onSuccess(this::add)
        .mapEmpty();
  }

  private void add(Room room) {
    if (closed) {
      room.release();
    } else {
      rooms.add(room);
    }
  }

  /** The first room, as large as a batch needs it. The caller answers for it. */
  Future<Room> take(Batch batch) {
    Room first = rooms.poll();
    return first == null
        ? inlet.reserve(batch.weight(), patience)
        : grown(first, batch.weight()).onFailure(none -> first.release()).map(first);
  }

  /** Makes the first room at least so large. */
  Future<Void> grow(long bytes) {
    Room first = rooms.peek();
    return first == null ? Future.succeededFuture() : grown(first, bytes);
  }

  private Future<Void> grown(Room room, long bytes) {
    if (bytes <= room.bytes()) {
      return Future.succeededFuture();
    }
    Future<Void> grown = room.grow(bytes - room.bytes(), patience);
    if (!grown.isComplete()) {
      // It must not wait for what this poll holds itself. What was read ahead gets room anew.
      width = 1;
      release(other -> other != room);
    }
    return grown;
  }

  private void release(Predicate<Room> which) {
    List<Room> released = rooms.stream().filter(which).toList();
    rooms.removeAll(released);
    released.forEach(Room::release);
  }

  /** Gives back what is not used. */
  void close() {
    closed = true;
    release(all -> true);
  }
}

package io.sluice.source.poll;

import io.sluice.connector.Inlet;
import io.sluice.connector.Room;
import io.sluice.connector.Work;
import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Receipt;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * An inlet whose answers come in the context of its source.
 *
 * <p>Credit that was waited for comes with whatever freed it, perhaps in the context of another
 * source on the same event loop; timers that were set there would end with that one.
 *
 * @param home runs something in the source's context
 */
record HomeInlet(Inlet inlet, Executor home) implements Inlet {
  private <T> Future<T> here(Future<T> answer) {
    if (answer.isComplete()) {
      return answer;
    }
    Promise<T> brought = Promise.promise();
    answer.onComplete(came -> home.execute(() -> brought.handle(came)));
    return brought.future();
  }

  @Override
  public Future<Room> reserve(String who, long bytes, Duration wait) {
    return here(inlet.reserve(who, bytes, wait)).map(HomeRoom::new);
  }

  @Override
  public Future<Work> begin(String who, long bytes) {
    return here(inlet.begin(who, bytes));
  }

  @Override
  public Future<Long> through(String session) {
    return here(inlet.through(session));
  }

  @Override
  public long free() {
    return inlet.free();
  }

  @Override
  public Future<Void> close() {
    return inlet.close();
  }

  private final class HomeRoom implements Room {
    private final Room room;

    HomeRoom(Room room) {
      this.room = room;
    }

    @Override
    public long bytes() {
      return room.bytes();
    }

    @Override
    public Future<Void> grow(long more, Duration wait) {
      return here(room.grow(more, wait));
    }

    @Override
    public Future<Receipt> put(Batch batch, Ack ack) {
      return here(room.put(batch, ack));
    }

    @Override
    public void release() {
      room.release();
    }
  }
}

package io.sluice.cli;

import io.sluice.connector.Step;
import io.sluice.lease.KeptCursor;
import io.sluice.lease.SharedCursors;
import io.sluice.replica.Replica;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What replicas share: a cursor may be moved while they run. */
final class SharedShelf implements CursorShelf {
  private final Replica replica;
  private final SharedCursors cursors;
  private final Context context;

  /** Closes the replica when it is closed. */
  SharedShelf(Vertx vertx, Replica replica, SharedCursors cursors) {
    this.replica = replica;
    this.cursors = cursors;
    this.context = vertx.getOrCreateContext();
  }

  /** What is asked for takes as long as the configuration allows it. */
  private <T> T wait(Supplier<Future<T>> what) throws IOException {
    Promise<T> answer = Promise.promise();
    context.runOnContext(go -> what.get().onComplete(answer));
    try {
      return answer.future().await();
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw failure instanceof IOException told ? told : new IOException(failure);
    }
  }

  @Override
  public List<KeptCursor> all() throws IOException {
    return wait(cursors::all);
  }

  @Override
  public Optional<KeptCursor> find(String source) throws IOException {
    return wait(() -> cursors.find(source));
  }

  @Override
  public Optional<Moved> rewind(String source, Optional<Step> step) throws IOException {
    return wait(() -> cursors.rewind(source, step))
        .map(before -> new Moved(before, cursors.aside(source)));
  }

  @Override
  public void close() {
    replica.close().await();
  }
}

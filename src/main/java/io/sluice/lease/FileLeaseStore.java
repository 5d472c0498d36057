package io.sluice.lease;

import io.sluice.connector.Cursor;
import io.sluice.connector.Lease;
import io.sluice.connector.LeaseLostException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leases of one gateway, which has its data directory to itself: nobody else can take one away.
 * Files are read and written on a thread of their own, which alone changes what this remembers, in
 * the order of the calls.
 */
public final class FileLeaseStore implements GatewayLeases {
  private static final Logger LOG = LoggerFactory.getLogger(FileLeaseStore.class);

  private final CursorFiles files;
  private final Clock clock;
  private final WorkerExecutor thread;
  private final Map<String, Tenure> tenures = new ConcurrentHashMap<>();
  private final String replica;

  /** The latest term of a source, and whether it lasts. */
  private record Tenure(long term, boolean held) {}

  /**
   * A store.
   *
   * @param replica what this gateway is called
   * @param clock names files that are put aside
   */
  public FileLeaseStore(Vertx vertx, CursorFiles files, String replica, Clock clock) {
    this.replica = replica;
    this.files = files;
    this.clock = clock;
    this.thread = vertx.createSharedWorkerExecutor("sluice-cursors", 1);
  }

  @Override
  public Future<Optional<Lease>> acquire(String source) {
    return aside(() -> take(source)).map(taken -> taken.map(this::lease));
  }

  /**
   * There is one thread, so that order needs no help. What Vert.x calls ordered would have the
   * caller's other blocking work wait for a cursor that is forced, and the other way round: there
   * is one such order for each context, over all executors.
   */
  private <T> Future<T> aside(Callable<T> what) {
    return thread.executeBlocking(what, false);
  }

  private record Taken(String source, CursorRecord record) {}

  private Optional<Taken> take(String source) throws IOException {
    Tenure last = tenures.getOrDefault(source, new Tenure(0, false));
    if (last.held()) {
      return Optional.empty();
    }
    Optional<CursorRecord> before = files.load(source);
    long term = 1 + Math.max(last.term(), before.map(CursorRecord::term).orElse(0L));
    CursorRecord mine =
        new CursorRecord(term, before.map(CursorRecord::cursor).orElse(Cursor.START));
    files.save(source, mine);
    tenures.put(source, new Tenure(term, true));
    return Optional.of(new Taken(source, mine));
  }

  private Lease lease(Taken taken) {
    return new FileLease(taken.source(), taken.record().term(), taken.record().cursor());
  }

  private void save(String source, CursorRecord record) throws IOException {
    Tenure latest = tenures.get(source);
    if (latest == null || !latest.held() || latest.term() != record.term()) {
      throw new LeaseLostException("the lease of " + source + " is not held any more");
    }
    files.save(source, record);
  }

  @Override
  public Future<Void> reset(String source) {
    return aside(
        () -> {
          files
              .putAside(source, clock.instant())
              .ifPresent(
                  aside ->
                      LOG.atWarn()
                          .addKeyValue("source", source)
                          .addKeyValue("file", aside)
                          .log("cursor put aside"));
          return null;
        });
  }

  @Override
  public Optional<Owner> owner(String source) {
    return Optional.ofNullable(tenures.get(source))
        .filter(Tenure::held)
        .map(tenure -> new Owner(replica, tenure.term()));
  }

  /** Ends the thread, after all that was asked for. */
  @Override
  public Future<Void> close() {
    return aside(() -> true).transform(last -> thread.close());
  }

  /** Confined to the event loop that acquired it. */
  private final class FileLease implements Lease {
    private final String source;
    private final long term;
    private final Promise<Void> lost = Promise.promise();
    private Cursor cursor;

    FileLease(String source, long term, Cursor cursor) {
      this.source = source;
      this.term = term;
      this.cursor = cursor;
    }

    @Override
    public long term() {
      return term;
    }

    @Override
    public Cursor cursor() {
      return cursor;
    }

    @Override
    public Future<Void> commit(Cursor next) {
      return FileLeaseStore.this
          .<Void>aside(
              () -> {
                save(source, new CursorRecord(term, next));
                return null;
              })
          .onSuccess(saved -> cursor = next);
    }

    @Override
    public Future<Void> lost() {
      return lost.future();
    }

    @Override
    public Future<Void> release() {
      return FileLeaseStore.this
          .<Void>aside(
              () -> {
                tenures.computeIfPresent(
                    source,
                    (same, latest) -> latest.term() == term ? new Tenure(term, false) : latest);
                return null;
              })
          .otherwiseEmpty();
    }
  }
}

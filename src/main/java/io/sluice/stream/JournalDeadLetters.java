package io.sluice.stream;

import io.sluice.connector.DeadLetters;
import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Delivery;
import io.sluice.event.Position;
import io.sluice.event.Refusal;
import io.sluice.journal.Appended;
import io.sluice.journal.Commits;
import io.sluice.journal.Journal;
import io.sluice.journal.JournalOptions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters of one sink in a journal of their own, which is made with the first of them. Each
 * event carries the reason, its stream and its position there as attributes. One that is among the
 * {@linkplain LatestLetters latest} already is not kept a second time.
 *
 * <p>Confined to the event loop of its sink, but for {@link #bytes}; started before the sink is.
 */
public final class JournalDeadLetters implements DeadLetters {
  public static final String REASON = "deadletterreason";
  public static final String STREAM = "deadletterstream";
  public static final String POSITION = "deadletterposition";

  private static final JournalOptions OPTIONS = JournalOptions.DEFAULTS.withSegmentBytes(4L << 20);

  private final Vertx vertx;
  private final JournalOpening journals;
  private final Path directory;
  private final long maxBytes;
  private final Consumer<IOException> onFailure;
  private final LatestLetters latest = new LatestLetters();
  private @Nullable Future<Journal> opening;
  private volatile @Nullable Journal journal;

  /**
   * Dead letters in a directory, which need not exist.
   *
   * @param maxBytes the most they take on disk, but for the one that is one too many
   * @param onFailure told, on an event loop, when their disk has failed for good
   */
  public JournalDeadLetters(
      Vertx vertx,
      JournalOpening journals,
      Path directory,
      long maxBytes,
      Consumer<IOException> onFailure) {
    this.vertx = vertx;
    this.journals = journals;
    this.directory = directory;
    this.maxBytes = maxBytes;
    this.onFailure = onFailure;
  }

  /**
   * Finds what an earlier run kept.
   *
   * @return completes when it is known how much that is; where it cannot be opened, the next one
   *     that is to be kept tries again
   */
  public Future<Void> start() {
    return vertx
        .executeBlocking(() -> Files.isDirectory(directory))
        .compose(there -> there ? open().<Void>mapEmpty() : Future.succeededFuture())
        .otherwiseEmpty();
  }

  private Future<Journal> open() {
    Journal there = journal;
    if (there != null) {
      return Future.succeededFuture(there);
    }
    Future<Journal> begun = opening;
    if (begun != null && !begun.failed()) {
      return begun;
    }
    Hearing hearing = new Hearing(vertx.getOrCreateContext());
    Future<Journal> now =
        vertx.executeBlocking(
            () -> {
              Journal opened = journals.open(directory, OPTIONS, hearing);
              try {
                latest.read(opened);
              } catch (IOException | RuntimeException e) {
                opened.close();
                throw e;
              }
              journal = opened;
              return opened;
            });
    opening = now;
    return now;
  }

  /** What they take on disk now. Any thread. */
  public long bytes() {
    Journal there = journal;
    return there == null ? 0 : there.bytes() + there.queuedBytes();
  }

  /** The most they may take. */
  public long maxBytes() {
    return maxBytes;
  }

  @Override
  public Future<Void> keep(Delivery delivery, String why) {
    Context context = vertx.getOrCreateContext();
    return open().compose(open -> keep(open, context, delivery, why));
  }

  private Future<Void> keep(Journal open, Context context, Delivery delivery, String why) {
    List<Batch> fresh = fresh(delivery, why);
    if (!fresh.isEmpty() && bytes() >= maxBytes) {
      return Future.failedFuture(
          new IOException("dead letters take " + bytes() + " bytes of " + maxBytes));
    }
    List<Future<Void>> kept = new ArrayList<>();
    for (Batch batch : fresh) {
      Promise<Void> promise = Promise.promise();
      open.append(batch, new Pending(context, promise));
      kept.add(promise.future().onSuccess(there -> latest.add(batch)));
    }
    return Future.all(kept).mapEmpty();
  }

  /** What is not there yet, marked. */
  private List<Batch> fresh(Delivery delivery, String why) {
    List<Batch> fresh = new ArrayList<>();
    Position at = delivery.first();
    for (Batch batch : delivery.batches()) {
      int from = 0;
      for (int i = 0; i <= batch.size(); i++) {
        boolean end = i == batch.size();
        if (end || latest.has(delivery.stream(), at.plus(i), batch.origin().received())) {
          if (from < i) {
            fresh.add(marked(batch.slice(from, i), delivery, at.ordinal() + from, why));
          }
          from = i + 1;
        }
      }
      at = at.plus(batch.size());
    }
    return fresh;
  }

  /** The batch with the reason in each event's attributes. */
  private static Batch marked(Batch batch, Delivery delivery, long first, String why) {
    List<Map<String, String>> attributes = new ArrayList<>();
    int[] bounds = new int[2 * batch.size()];
    for (int i = 0; i < batch.size(); i++) {
      Map<String, String> marks = new HashMap<>(batch.event(i).attributes());
      marks.put(REASON, why);
      marks.put(STREAM, delivery.stream());
      marks.put(POSITION, delivery.first().epoch() + "/" + (first + i));
      attributes.add(Map.copyOf(marks));
      bounds[2 * i] = batch.start(i);
      bounds[2 * i + 1] = batch.end(i);
    }
    Columns columns = batch.columns();
    return Batch.of(
        batch.region(),
        bounds,
        batch.lines(),
        batch.origin(),
        new Columns(columns.ids(), columns.keys(), columns.times(), attributes));
  }

  /** Finishes what was begun. */
  public Future<Void> close() {
    Future<Journal> begun = opening;
    return begun == null
        ? Future.succeededFuture()
        : begun
            .compose(
                closing ->
                    Future.fromCompletionStage(closing.shutdown(), vertx.getOrCreateContext()))
            .otherwiseEmpty();
  }

  private record Pending(Context context, Promise<Void> promise) {
    void end(@Nullable Throwable failure) {
      context.runOnContext(
          hop -> {
            if (failure == null) {
              promise.complete();
            } else {
              promise.fail(failure);
            }
          });
    }
  }

  /** Brings the writer's answers back to who asked. */
  private final class Hearing implements Commits {
    private final Context loop;

    Hearing(Context loop) {
      this.loop = loop;
    }

    @Override
    public void committed(List<Appended> group) {
      group.forEach(appended -> ((Pending) appended.attachment()).end(null));
    }

    @Override
    public void refused(List<Appended> group, Refusal why) {
      group.forEach(
          appended ->
              ((Pending) appended.attachment()).end(new IOException("refused: " + why.word())));
    }

    @Override
    public void failed(List<Appended> group, IOException cause) {
      group.forEach(appended -> ((Pending) appended.attachment()).end(cause));
      IOException named = new IOException(directory + ": " + cause.getMessage(), cause);
      loop.runOnContext(hop -> onFailure.accept(named));
    }
  }
}

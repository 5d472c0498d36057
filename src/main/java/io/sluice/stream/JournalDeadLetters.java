package io.sluice.stream;

import io.sluice.connector.DeadLetters;
import io.sluice.event.Batch;
import io.sluice.event.Columns;
import io.sluice.event.Delivery;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters of one sink in a journal of their own, which is made with the first of them. Each
 * event carries the reason, its stream and its position there as attributes.
 *
 * <p>Confined to the event loop of its sink.
 */
public final class JournalDeadLetters implements DeadLetters {
  public static final String REASON = "deadletterreason";
  public static final String STREAM = "deadletterstream";
  public static final String POSITION = "deadletterposition";

  private static final JournalOptions OPTIONS = JournalOptions.DEFAULTS.withSegmentBytes(4L << 20);

  private final Vertx vertx;
  private final Path directory;
  private @Nullable Future<Journal> journal;

  /** Dead letters in a directory, which need not exist. */
  public JournalDeadLetters(Vertx vertx, Path directory) {
    this.vertx = vertx;
    this.directory = directory;
  }

  @Override
  public Future<Void> keep(Delivery delivery, String why) {
    if (journal == null || journal.failed()) {
      journal = vertx.executeBlocking(() -> Journal.open(directory, OPTIONS, new Hearing()));
    }
    Context context = vertx.getOrCreateContext();
    return journal.compose(
        open -> {
          List<Future<Void>> kept = new ArrayList<>();
          long ordinal = delivery.first().ordinal();
          for (Batch batch : delivery.batches()) {
            Promise<Void> promise = Promise.promise();
            Pending pending = new Pending(context, promise);
            open.append(marked(batch, delivery, ordinal, why), pending);
            kept.add(promise.future());
            ordinal += batch.size();
          }
          return Future.all(kept).mapEmpty();
        });
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
    Future<Journal> open = journal;
    return open == null
        ? Future.succeededFuture()
        : open.compose(
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
  private static final class Hearing implements Commits {
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
    }
  }
}

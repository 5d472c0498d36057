package io.sluice.flow;

import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.sluice.event.Sequence;
import io.vertx.core.AsyncResult;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Collects what is put within one turn of an event loop and sends it at the turn's end, joined
 * where origins are alike: the cost of a hop is shared under load, and nothing waits when there is
 * none. Confined to its event loop.
 */
final class Turn {
  /** Beyond this, copying batches together costs more than another hop saves. Bytes. */
  private static final int JOINED = 256 * 1024;

  private static final Duration AGAIN = Duration.ofSeconds(1);

  private record Waiting(Batch batch, Promise<Receipt> receipt) {}

  private final Vertx vertx;
  private final Passage passage;
  private final Runnable kept;
  private List<Waiting> waiting = new ArrayList<>();
  private Ack ack = Ack.STORED;
  private int bytes;

  /**
   * Nothing collected yet.
   *
   * @param patience how long what a stream did not take waits for the next one
   * @param kept called whenever some of it was kept
   */
  Turn(Vertx vertx, Lane<Put, Answer> lane, Duration patience, Runnable kept) {
    this.vertx = vertx;
    this.passage = new Passage(vertx, lane, patience);
    this.kept = kept;
  }

  /** Takes a batch whose weight is held on the lane. */
  void add(Batch batch, Ack level, Promise<Receipt> receipt) {
    if (!waiting.isEmpty() && !joins(batch, level)) {
      flush();
    }
    if (waiting.isEmpty()) {
      ack = level;
      vertx.runOnContext(end -> flush());
    }
    bytes += batch.bytes();
    waiting.add(new Waiting(batch, receipt));
  }

  private boolean joins(Batch batch, Ack level) {
    Batch last = waiting.get(waiting.size() - 1).batch();
    return level == ack
        && bytes + batch.bytes() <= JOINED
        && last.origin().alike(batch.origin())
        && goesOn(last.sequence(), batch);
  }

  /** Neither is of a session, or both are of one and no number between them is missing. */
  private static boolean goesOn(Optional<Sequence> last, Batch batch) {
    Optional<Sequence> next = batch.sequence();
    return last.isPresent()
        ? next.isPresent() && next.get().span() == batch.size() && last.get().leadsTo(next.get())
        : next.isEmpty();
  }

  void flush() {
    if (waiting.isEmpty()) {
      return;
    }
    List<Waiting> parts = waiting;
    waiting = new ArrayList<>();
    bytes = 0;
    Batch batch = Batch.join(parts.stream().map(Waiting::batch).toList());
    passage.send(new Put(batch, ack)).onComplete(answer -> answer(parts, answer));
  }

  /** Sends what is collected; what the stream does not take is not kept for the next one. */
  void close() {
    flush();
    passage.close();
  }

  private void answer(List<Waiting> parts, AsyncResult<Answer> answer) {
    Answer whole = answer.succeeded() ? answer.result() : Answer.of(failed(answer.cause()));
    if (whole.receipt() instanceof Receipt.Kept) {
      kept.run();
    }
    int at = 0;
    for (Waiting part : parts) {
      int from = at;
      at += part.batch().size();
      part.receipt().complete(whole.share(from, at));
    }
  }

  private static Receipt failed(Throwable cause) {
    return cause instanceof NotTakenException
        ? new Receipt.Refused(
            Refusal.DRAINING, AGAIN, "the stream is being restarted; the events are not kept")
        : new Receipt.Refused(
            Refusal.UNKNOWN, AGAIN, "the stream was restarted; the events may be kept");
  }
}

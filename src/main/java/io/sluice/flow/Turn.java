package io.sluice.flow;

import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.vertx.core.AsyncResult;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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
  private final Lane<Put, Receipt> lane;
  private List<Waiting> waiting = new ArrayList<>();
  private Ack ack = Ack.STORED;
  private int bytes;

  Turn(Vertx vertx, Lane<Put, Receipt> lane) {
    this.vertx = vertx;
    this.lane = lane;
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
    return level == ack
        && bytes + batch.bytes() <= JOINED
        && waiting.get(0).batch().origin().alike(batch.origin());
  }

  void flush() {
    if (waiting.isEmpty()) {
      return;
    }
    List<Waiting> parts = waiting;
    waiting = new ArrayList<>();
    bytes = 0;
    Batch batch = Batch.join(parts.stream().map(Waiting::batch).toList());
    lane.offer(new Put(batch, ack), batch.weight()).onComplete(answer -> answer(parts, answer));
  }

  private static void answer(List<Waiting> parts, AsyncResult<Receipt> answer) {
    Receipt whole = answer.succeeded() ? answer.result() : failed(answer.cause());
    for (Waiting part : parts) {
      part.receipt().complete(share(whole, part.batch().size()));
    }
  }

  private static Receipt failed(Throwable cause) {
    return cause instanceof NotTakenException
        ? new Receipt.Refused(
            Refusal.DRAINING, AGAIN, "the stream is being restarted; the events are not kept")
        : new Receipt.Refused(
            Refusal.UNKNOWN, AGAIN, "the stream was restarted; the events may be kept");
  }

  /** The receipt of one part of a joined batch. */
  private static Receipt share(Receipt whole, int events) {
    return whole instanceof Receipt.Kept kept ? new Receipt.Kept(kept.ack(), events, 0) : whole;
  }
}

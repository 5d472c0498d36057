package io.sluice.delivery;

import io.sluice.event.Batch;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came for one stream and is not sent yet. Confined to the event loop. */
final class Gathering {
  private final String stream;
  private final BatchConfig config;
  private final Timers timers;
  private final Runnable due;
  private final Deque<Part> parts = new ArrayDeque<>();
  private @Nullable Position next;
  private long events;
  private long bytes;

  /** How many parts do not follow the one before them; that is where a delivery has to end. */
  private int gaps;

  private boolean timing;
  private long timer;

  /** A batch, or a slice of one that is too large, of a delivery. */
  private record Part(Batch batch, Position first, boolean gap, Waiting of, long came) {}

  /**
   * Gathers for one stream.
   *
   * @param due told when what is gathered has waited long enough
   */
  Gathering(String stream, BatchConfig config, Timers timers, Runnable due) {
    this.stream = stream;
    this.config = config;
    this.timers = timers;
    this.due = due;
  }

  Future<Outcome> add(Delivery delivery) {
    Waiting waiting = new Waiting();
    Position first = delivery.first();
    long now = timers.nanoTime();
    for (Batch batch : delivery.batches()) {
      for (int from = 0; from < batch.size(); from += config.maxEvents()) {
        int to = Math.min(batch.size(), from + config.maxEvents());
        boolean gap = !parts.isEmpty() && !first.equals(next);
        parts.add(new Part(batch.slice(from, to), first, gap, waiting, now));
        waiting.expectOne();
        gaps += gap ? 1 : 0;
        first = first.plus(to - from);
        next = first;
      }
      events += batch.size();
      bytes += batch.bytes();
    }
    awaitMore();
    return waiting.answer();
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  /** Whether to send now: enough is there, nothing can join it, or it has waited long enough. */
  boolean ready() {
    Part eldest = parts.peekFirst();
    return eldest != null
        && (events >= config.maxEvents()
            || bytes >= config.maxBytes().bytes()
            || gaps > 0
            || left(eldest).compareTo(Duration.ZERO) <= 0);
  }

  /** As much as may go at once; at least one part. */
  Gathered take() {
    List<Batch> batches = new ArrayList<>();
    List<Waiting> waiting = new ArrayList<>();
    Position first = parts.getFirst().first();
    int takenEvents = 0;
    long takenBytes = 0;
    for (Part part = parts.peekFirst(); part != null; part = parts.peekFirst()) {
      boolean fits =
          takenEvents + part.batch().size() <= config.maxEvents()
              && takenBytes + part.batch().bytes() <= config.maxBytes().bytes();
      if (!batches.isEmpty() && (part.gap() || !fits)) {
        break;
      }
      parts.removeFirst();
      gaps -= part.gap() ? 1 : 0;
      takenEvents += part.batch().size();
      takenBytes += part.batch().bytes();
      batches.add(part.batch());
      waiting.add(part.of());
    }
    events -= takenEvents;
    bytes -= takenBytes;
    forget();
    awaitMore();
    return new Gathered(new Delivery(stream, first, batches), waiting);
  }

  private void awaitMore() {
    Part eldest = parts.peekFirst();
    if (!timing && eldest != null && !ready()) {
      timing = true;
      timer =
          timers.after(
              left(eldest),
              () -> {
                timing = false;
                due.run();
                awaitMore();
              });
    }
  }

  private Duration left(Part eldest) {
    return config.maxWait().minusNanos(timers.nanoTime() - eldest.came());
  }

  /** Forgets the timer. */
  void forget() {
    if (timing) {
      timers.cancel(timer);
      timing = false;
    }
  }
}

package io.sluice.stream;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Batches whose receipts wait until every sink is past them. Confined to the stream's event loop.
 */
final class Undelivered {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final PriorityQueue<Waiting> all =
      new PriorityQueue<>(Comparator.comparingLong(waiting -> waiting.ticket.end()));
  private long goneFrom;
  private long goneTo;

  private static final class Waiting {
    final Ticket ticket;
    boolean gone;

    Waiting(Ticket ticket) {
      this.ticket = ticket;
    }

    /** Where events of it may lie; what it repeats may lie elsewhere before its end. */
    boolean overlaps(long from, long to) {
      return ticket.end() > from && ticket.end() - ticket.batch().size() < to;
    }
  }

  void add(Ticket ticket) {
    Waiting waiting = new Waiting(ticket);
    waiting.gone = waiting.overlaps(goneFrom, goneTo);
    all.add(waiting);
  }

  /** The log does not have these events any more, and a sink never had them. */
  void gone(long from, long to) {
    goneFrom = from;
    goneTo = to;
    all.forEach(waiting -> waiting.gone |= waiting.overlaps(from, to));
  }

  /** Every sink is past this ordinal. */
  void passed(long low) {
    while (!all.isEmpty() && all.element().ticket.end() <= low) {
      Waiting first = all.remove();
      if (first.gone) {
        first.ticket.abandoned(SOON, "the stream gave it up before every sink had it");
      } else {
        first.ticket.delivered();
      }
    }
  }

  /** The stream ends. */
  void abandon() {
    all.forEach(
        waiting ->
            waiting.ticket.abandoned(
                SOON, "shutting down before every sink had it; the stream keeps it"));
    all.clear();
  }
}

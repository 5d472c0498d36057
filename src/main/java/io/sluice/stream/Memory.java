package io.sluice.stream;

import io.sluice.event.Batch;
import io.sluice.event.Position;
import io.sluice.event.Sequence;
import io.sluice.stream.Progress.Span;
import io.vertx.core.Future;
import java.util.BitSet;
import java.util.Optional;

/**
 * What a stream remembers of the events it took, to leave out what comes a second time: how far it
 * is in each client's session.
 *
 * <p>A batch is looked at when it arrives; what is new of it is reserved, and counts as kept or is
 * given up as the log says. What repeats something that is still on its way waits for it. Confined
 * to the stream's event loop.
 */
final class Memory {
  private final Sessions sessions = new Sessions(Sessions.MOST);

  /**
   * Looks at a batch that arrived: tells its ticket what of it is to be appended and what it waits
   * for.
   *
   * @return why it cannot be taken; empty when it can
   */
  Optional<String> arrived(Ticket ticket) {
    Batch batch = ticket.batch();
    Optional<Sequence> sequence = batch.sequence();
    if (sequence.isEmpty()) {
      ticket.append(batch);
      return Optional.empty();
    }
    return arrived(ticket, batch, sequence.get());
  }

  private Optional<String> arrived(Ticket ticket, Batch batch, Sequence numbers) {
    Session session = sessions.open(numbers.session());
    Optional<String> gap = session.gap(numbers);
    if (gap.isPresent()) {
      sessions.close(numbers.session());
      return gap;
    }
    BitSet repeated = new BitSet();
    Optional<Span> fresh = session.look(numbers, batch.size(), repeated, ticket);
    ticket.repeats(repeated);
    if (fresh.isEmpty()) {
      return Optional.empty();
    }
    Span span = fresh.get();
    if (repeated.cardinality() == batch.size()) {
      session.kept(span, ticket.end(), used(batch)); // what was given up before what is there
    } else {
      session.claim(span, ticket);
      Batch left = repeated.isEmpty() ? batch : batch.without(repeated);
      ticket.append(left.numbered(new Sequence(numbers.session(), span.first(), span.last())));
    }
    return Optional.empty();
  }

  /** The log has what the ticket had appended. */
  void kept(Position first, Ticket ticket) {
    Batch batch = ticket.appended();
    batch
        .sequence()
        .ifPresent(
            numbers -> {
              Session session = sessions.find(numbers.session());
              if (session != null) {
                session.kept(ticket, first.ordinal() + batch.size(), used(batch));
              }
            });
  }

  /** The log does not have it and will not. */
  void refused(Ticket ticket) {
    ticket
        .appended()
        .sequence()
        .ifPresent(
            numbers -> {
              Session session = sessions.find(numbers.session());
              if (session != null) {
                session.refused(ticket);
                sessions.close(numbers.session());
              }
            });
  }

  private static long used(Batch batch) {
    return batch.origin().received().toEpochMilli();
  }

  /** How far the stream is in a session, once nothing of it is on its way. */
  Future<Long> through(String session) {
    return sessions.through(session);
  }

  /** Forgets what is over. */
  void expire(long nowMillis) {
    sessions.expire(nowMillis);
  }
}

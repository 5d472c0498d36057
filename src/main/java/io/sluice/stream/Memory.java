package io.sluice.stream;

import io.sluice.event.Batch;
import io.sluice.event.Position;
import io.sluice.event.Sequence;
import io.sluice.journal.Memo;
import io.sluice.stream.Progress.Span;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a stream remembers of the events it took, to leave out what comes a second time: how far it
 * is in each client's session, and the keys of events where it has a {@link Dedupe}.
 *
 * <p>A batch is looked at when it arrives; what is new of it is reserved, and counts as kept or is
 * given up as the log says. What repeats something that is still on its way waits for it. Made
 * anywhere, then confined to the stream's event loop.
 */
final class Memory {
  private final Sessions sessions;
  private final @Nullable Keys keys;
  private final Voids voids;

  /** How much damage lies before what was restored last. */
  private int damages;

  Memory(Sessions sessions, @Nullable Keys keys, Voids voids) {
    this.sessions = sessions;
    this.keys = keys;
    this.voids = voids;
  }

  /** That knows nothing yet. */
  static Memory empty(Optional<KeysMade> keys) {
    return new Memory(
        new Sessions(Sessions.MOST), keys.map(KeysMade::make).orElse(null), new Voids());
  }

  /** What becomes of a batch that arrived. */
  sealed interface Arrival {
    /** Its ticket knows what of it is to be appended, and what it waits for. */
    record Taken() implements Arrival {}

    /** It is looked at again when another one is settled. */
    record Parked() implements Arrival {}

    /**
     * It cannot be taken.
     *
     * @param why one sentence for the client
     */
    record Gap(String why) implements Arrival {}
  }

  private static final Arrival TAKEN = new Arrival.Taken();
  private static final Arrival PARKED = new Arrival.Parked();

  /**
   * Looks at a batch that arrived.
   *
   * @param again is given batches that were parked, when they may be looked at again, in order
   */
  Arrival arrived(Ticket ticket, Consumer<Ticket> again) {
    Batch batch = ticket.batch();
    Optional<Sequence> numbers = batch.sequence();
    if (numbers.isPresent()) {
      return arrived(ticket, batch, numbers.get(), again);
    }
    if (keys == null) {
      ticket.append(batch);
      return TAKEN;
    }
    BitSet repeated = new BitSet();
    keys.look(batch, repeated, ticket, false);
    ticket.repeats(repeated);
    if (repeated.cardinality() < batch.size()) {
      ticket.append(fresh(batch, repeated));
    }
    return TAKEN;
  }

  private static Batch fresh(Batch batch, BitSet repeated) {
    return repeated.isEmpty() ? batch : batch.without(repeated);
  }

  private Arrival arrived(Ticket ticket, Batch batch, Sequence numbers, Consumer<Ticket> again) {
    Session session = sessions.open(numbers.session());
    if (!session.parked().isEmpty()) {
      session.parked().add(ticket);
      return PARKED;
    }
    return look(session, ticket, batch, numbers, again);
  }

  private Arrival look(
      Session session, Ticket ticket, Batch batch, Sequence numbers, Consumer<Ticket> again) {
    Optional<String> gap = session.gap(numbers);
    if (gap.isPresent()) {
      sessions.close(numbers.session());
      return new Arrival.Gap(gap.get());
    }
    BitSet repeated = new BitSet();
    session.mark(numbers, batch.size(), repeated);
    boolean anyNumber = !repeated.isEmpty();
    Optional<Ticket> before =
        keys == null ? Optional.empty() : keys.look(batch, repeated, ticket, true);
    if (before.isPresent()) {
      session.parked().addFirst(ticket);
      before.get().then(() -> unpark(session, again));
      return PARKED;
    }
    if (anyNumber) {
      session.follow(numbers, ticket);
    }
    ticket.repeats(repeated);
    claim(session, ticket, batch, numbers, repeated);
    return TAKEN;
  }

  private static void claim(
      Session session, Ticket ticket, Batch batch, Sequence numbers, BitSet repeated) {
    Optional<Span> fresh = session.fresh(numbers);
    if (repeated.cardinality() < batch.size() && fresh.isPresent()) {
      Span span = fresh.get();
      session.claim(span, ticket);
      ticket.append(
          fresh(batch, repeated)
              .numbered(new Sequence(numbers.session(), span.first(), span.last())));
    } else if (fresh.isPresent()) {
      session.kept(fresh.get(), ticket.end(), used(batch)); // by other ways, every event is there
    }
  }

  /** Looks again at what is parked, as far as that goes. */
  private void unpark(Session session, Consumer<Ticket> again) {
    ArrayDeque<Ticket> parked = session.parked();
    ArrayDeque<Ticket> waiting = new ArrayDeque<>(parked);
    parked.clear();
    waiting.forEach(again);
    session.tell();
  }

  /** Which events do not count. */
  Voids voids() {
    return voids;
  }

  /** The log has what the ticket had appended. */
  void kept(Position first, Ticket ticket) {
    Batch batch = ticket.appended();
    voids.add(first.ordinal(), ticket.elsewhere());
    if (keys != null) {
      keys.kept(ticket, first.ordinal());
    }
    batch
        .sequence()
        .map(numbers -> sessions.find(numbers.session()))
        .ifPresent(session -> session.kept(ticket, first.ordinal() + batch.size(), used(batch)));
  }

  /** The log does not have it and will not. */
  void refused(Ticket ticket) {
    if (keys != null) {
      keys.refused(ticket);
    }
    ticket
        .appended()
        .sequence()
        .map(numbers -> sessions.find(numbers.session()))
        .ifPresent(
            session -> {
              session.refused(ticket);
              sessions.close(session.progress().session());
            });
  }

  static long used(Batch batch) {
    return batch.origin().received().toEpochMilli();
  }

  /** What is before a number of a session is kept, by another replica perhaps. */
  void reached(String session, long through, long end, long nowMillis) {
    if (through > at(session)) {
      sessions.open(session).kept(new Span(1, through), end, nowMillis);
    }
  }

  /** How far the stream is in a session at this moment. */
  long at(String session) {
    Session known = sessions.find(session);
    return known == null ? 0 : known.progress().through();
  }

  /** How far the stream is in a session, once nothing of it is on its way. */
  Future<Long> through(String session) {
    return sessions.through(session);
  }

  /** Forgets what is over. */
  void expire(long nowMillis) {
    sessions.expire(nowMillis);
    if (keys != null) {
      keys.expire(nowMillis);
    }
  }

  /**
   * What is remembered of all events before a position.
   *
   * @param upTo behind the last event that the log told to have kept
   */
  Memo memo(Position upTo) {
    return MemoryImage.of(upTo, sessions.progress(), voids.image(), keys);
  }

  /** Events that were kept are lost here: told before those behind them. */
  void damaged() {
    damages++;
    sessions.damaged();
  }

  /** An event that the log has: told for each, in order, before anything arrives. */
  void restore(Position first, Batch batch) {
    restore(first, batch, new BitSet(0), new BitSet(0));
  }

  /**
   * The same, where not all of them count.
   *
   * @param elsewhere places of those that another replica has
   * @param late places of those that nobody may have
   */
  void restore(Position first, Batch batch, BitSet elsewhere, BitSet late) {
    voids.add(first.ordinal(), elsewhere);
    voids.add(first.ordinal(), late);
    if (keys != null) {
      keys.restore(batch, first.ordinal(), elsewhere, late);
    }
    batch
        .sequence()
        .filter(numbers -> late.isEmpty())
        .ifPresent(
            numbers ->
                sessions
                    .open(numbers.session())
                    .found(
                        new Span(numbers.first(), numbers.last()),
                        first.ordinal() + batch.size(),
                        used(batch),
                        damages));
  }

  /** How many sessions are remembered. */
  int sessions() {
    return sessions.size();
  }

  /** How far back all keys are remembered; milliseconds. */
  long span(long nowMillis) {
    return keys == null ? 0 : keys.span(nowMillis);
  }

  /** How many keys are remembered. */
  long keys() {
    return keys == null ? 0 : keys.size();
  }

  /** How many keys and sessions were forgotten before their time, because there were too many. */
  long shortened() {
    return sessions.forgotten() + (keys == null ? 0 : keys.shortened());
  }
}

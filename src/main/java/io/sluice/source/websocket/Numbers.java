package io.sluice.source.websocket;

import io.sluice.connector.Inlet;
import io.sluice.event.Batch;
import io.sluice.event.Sequence;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of the events of one connection: in a session they go on where the connection before
 * ended, otherwise they begin with 1. Events that are not taken have numbers too. Confined to the
 * connection's loop.
 */
final class Numbers {
  private final @Nullable Session session;
  private final boolean resumed;

  /** The number of the event that comes next. */
  private long next = 1;

  /** The first number that is in no batch yet. */
  private long uncovered = 1;

  /** The first number under way into the stream. */
  private long putting;

  private long acked;
  private int refusedInRow;

  private Numbers(@Nullable Session session, boolean resumed) {
    this.session = session;
    this.resumed = resumed;
  }

  /** Numbers nobody asks for. */
  static Numbers plain() {
    return new Numbers(null, false);
  }

  /** The numbers of a session that begins. */
  static Numbers fresh(Session session) {
    return new Numbers(session, false);
  }

  /** The numbers of a session that may have begun on another connection. */
  static Numbers resumed(Session session) {
    return new Numbers(session, true);
  }

  /** Whether the client hears of receipts. */
  boolean counted() {
    return session != null;
  }

  /** How many events the stream has already; completes when nothing of them is under way. */
  Future<Long> begin(Inlet inlet) {
    return session == null || !resumed ? Future.succeededFuture(0L) : inlet.through(session.key());
  }

  /** What the client hears first. */
  Optional<Buffer> ready(long through, long credit) {
    next = through + 1;
    uncovered = next;
    acked = through;
    return session == null
        ? Optional.empty()
        : Optional.of(Replies.ready(session.token(), through, credit));
  }

  /** Numbers the events of a batch; those before them that are not taken are given up with it. */
  Pushing.Run run(Batch batch) {
    next += batch.size();
    Session known = session;
    Batch numbered =
        known == null ? batch : batch.numbered(new Sequence(known.key(), uncovered, next - 1));
    Pushing.Run run = new Pushing.Run(numbered, uncovered);
    uncovered = next;
    refusedInRow = 0;
    return run;
  }

  /** Numbers an event that is not taken. */
  long refuse() {
    refusedInRow++;
    return next++;
  }

  int refusedInRow() {
    return refusedInRow;
  }

  void putting(Pushing.Run run) {
    putting = run.first();
  }

  /**
   * What the client is to hear of receipts, if there is anything new.
   *
   * @param underWay whether what was put last is not settled
   * @param waiting what is to be put next, if anything
   */
  Optional<Buffer> ack(boolean underWay, Pushing.@Nullable Run waiting, long credit) {
    long through = (underWay ? putting : waiting != null ? waiting.first() : next) - 1;
    if (session == null || through == acked) {
      return Optional.empty();
    }
    acked = through;
    return Optional.of(Replies.ack(through, credit));
  }

  /** The reason of the last frame: how far the session got, or else {@code word}. */
  String last(String word) {
    return session == null ? word : "through " + acked;
  }
}

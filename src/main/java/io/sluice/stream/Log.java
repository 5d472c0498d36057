package io.sluice.stream;

import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Position;
import io.sluice.event.Refusal;
import io.vertx.core.Future;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Where a stream keeps its events between sources and sinks. Confined to the stream's event loop:
 * it is called there, its futures complete there, and its keeper is told there.
 */
interface Log {
  /** A batch and where its first event stands. */
  record Entry(Position first, Batch batch) {
    /** The ordinal behind its last event. */
    long end() {
      return first.ordinal() + batch.size();
    }

    /** What lies at or behind an ordinal inside it. */
    Entry from(long ordinal) {
      long skipped = ordinal - first.ordinal();
      return skipped <= 0
          ? this
          : new Entry(first.plus(skipped), batch.slice((int) skipped, batch.size()));
    }

    /** What of entries lies before an ordinal. */
    static List<Entry> before(long end, List<Entry> entries) {
      return entries.stream()
          .filter(entry -> entry.first().ordinal() < end)
          .map(entry -> entry.to(end))
          .toList();
    }

    /** What lies before an ordinal inside it. */
    Entry to(long ordinal) {
      return ordinal >= end()
          ? this
          : new Entry(first, batch.slice(0, (int) (ordinal - first.ordinal())));
    }
  }

  /** Who is told what became of appended batches: once for each, in order. */
  interface Keeper {
    /** The log has it, as surely as {@link #promise()} says. */
    void kept(Position first, Ticket ticket);

    /** The log does not have it and will not. */
    void refused(Ticket ticket, Refusal why);

    /**
     * The log has it, and it does not count as a whole.
     *
     * @param voids the places of events that do not count
     */
    void voided(Position first, Ticket ticket, BitSet voids, Refusal why);

    /** More can be read, which came without a ticket. */
    void grown();
  }

  /**
   * A log that was opened.
   *
   * @param memory what is remembered of the events that were kept
   * @param upTo of those before this position
   */
  record Opened(Memory memory, Position upTo) {}

  /**
   * Makes ready and recovers what an earlier run kept.
   *
   * @param keys makes the memory for keys, where the stream has one
   * @return fails when the log cannot start
   */
  Future<Opened> open(Keeper keeper, Optional<KeysMade> keys);

  /** Who has the log; tells it from every other one. */
  UUID identity();

  /**
   * Keeps what is remembered of all events before a position, when it is time for that.
   *
   * @param upTo behind the last event that the keeper was told of
   */
  void remember(Memory memory, Position upTo);

  /** Up to where events are remembered beside the log, whatever happens. */
  Position remembered();

  /** How far a client's session is, given how far this stream is in it. */
  default Future<Long> reached(String session, long own) {
    return Future.succeededFuture(own);
  }

  /**
   * Why nothing can be taken at the moment, though the log is healthy.
   *
   * @param batch what is to be taken
   */
  default Optional<Refusal> obstacle(Batch batch) {
    return Optional.empty();
  }

  /** Goes on under other settings of its stream. */
  void follow(StreamSettings settings);

  /** What is true of a batch once the keeper heard that it is kept. */
  Ack promise();

  /** Takes a batch; the keeper hears of it, now or later. */
  void append(Batch batch, Ticket ticket);

  /** The first event that can still be read. */
  Position first();

  /** Behind the last event that is kept. */
  Position next();

  /** Bytes that count against the stream's {@code maxBytes}. */
  long bytes();

  /** Where somebody goes on who was at {@code held} in this run or an earlier one. */
  Position resume(Position held);

  /**
   * Reads on from a position: entries that follow each other, at least one and up to about {@code
   * bytes}; none at the end.
   */
  Future<List<Entry>> read(Position from, long bytes);

  /** How far a sink was at last. */
  Optional<Position> cursor(String sink);

  /** How far every sink was at last that was ever fed and not forgotten. */
  Map<String, Position> cursors();

  /** Forgets how far a sink was. */
  void forgetCursor(String sink);

  /** What the events from an ordinal on take. Bytes; nearly. */
  long bytesFrom(long ordinal);

  /** Remembers how far a sink is; late perhaps, never early. */
  void keepCursor(String sink, Position position);

  /** Nobody needs what lies before. */
  void release(Position position);

  /**
   * Gives up the oldest events, delivered or not, so that new ones find room.
   *
   * @param keep about how many bytes of the newest stay
   * @return whether there were any to give up
   */
  boolean dropOldest(long keep);

  /** Whether it still takes batches. */
  boolean healthy();

  /**
   * Keeps what was appended, remembers the cursors, lets go.
   *
   * @param memory what is remembered
   * @param upTo behind the last event that the keeper was told of
   */
  Future<Void> close(Memory memory, Position upTo);
}

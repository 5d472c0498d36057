package io.sluice.source.tcp;

import io.sluice.connector.NoRoomException;
import io.sluice.connector.Room;
import io.sluice.connector.Work;
import io.sluice.event.Ack;
import io.sluice.event.Batch;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One client's way into the stream: takes room for its batches and its unfinished record, puts the
 * batches in order, and counts what is kept. Confined to its hall's event loop.
 *
 * <p>An unfinished record takes room only when it is long, so that clients who are slow in sending
 * short ones cannot use up what others need.
 */
final class Outbox {
  /** An unfinished record as long as this takes no room. Bytes. */
  static final int FREE = 4 << 10;

  /** Room for a long one is taken in such pieces. Bytes. */
  private static final int PIECE = 64 << 10;

  private static final Duration AS_LONG_AS_IT_TAKES = Duration.ofHours(1);

  /** What its client has to know. */
  interface Owner {
    /** Something was settled, or there is room again. */
    void moved();

    /** Nothing more is put: the reason, a word, and a sentence. */
    void refused(String code, String detail);

    /** What came may be looked through now. */
    void begins();
  }

  private static final Work NONE = () -> {};

  /** A batch, and the work that is over once it is kept. */
  private record Load(Batch batch, Work work) {}

  /** A batch that is on its way. */
  private static final class Sent {
    final int events;
    final int bytes;
    final Work work;
    final long since = System.nanoTime();
    boolean kept;

    Sent(Load load) {
      events = load.batch().size();
      bytes = load.batch().bytes();
      work = load.work();
    }
  }

  private final Hall hall;
  private final String party;
  private final Owner owner;
  private final ArrayDeque<Load> batches = new ArrayDeque<>();
  private final ArrayDeque<Sent> sent = new ArrayDeque<>();
  private @Nullable Room room;
  private long kept;
  private int unfinished;
  private boolean asking;
  private @Nullable Work work;
  private boolean queues;

  /** Whether whole pieces are not more than the stream can ever give. */
  private boolean inPieces = true;

  private boolean over;

  Outbox(Hall hall, String party, Owner owner) {
    this.hall = hall;
    this.party = party;
    this.owner = owner;
  }

  /** How many of the connection's events are kept, without a gap. */
  long kept() {
    return kept;
  }

  /** Whether there is no room for what was read. */
  boolean waits() {
    return asking;
  }

  /** Whether all that was put in is settled. */
  boolean settled() {
    return batches.isEmpty() && sent.isEmpty();
  }

  /**
   * Whether bytes that came may be looked through. If its party has too much under way, it is said
   * later that they may.
   */
  boolean begin(int bytes) {
    if (work == null && !queues) {
      Future<Work> begins = hall.inlet().begin(party, bytes);
      if (begins.succeeded()) {
        work = begins.result();
      } else {
        queues = true;
        begins.onComplete(this::begun);
      }
    }
    return work != null;
  }

  private void begun(AsyncResult<Work> begins) {
    queues = false;
    if (begins.succeeded()) {
      work = begins.result();
      owner.begins();
      looked();
    } else {
      denied(begins.cause(), true);
      owner.moved();
    }
  }

  /** Whether what came waits to be looked through. */
  boolean queues() {
    return queues;
  }

  /** What came was looked through; what was found in it takes the work along. */
  void looked() {
    Work idle = work;
    if (idle != null) {
      work = null;
      idle.end();
    }
  }

  void add(Batch batch) {
    Work mine = work;
    work = null;
    batches.add(new Load(batch, mine == null ? NONE : mine));
  }

  /** Goes on as far as there is room. */
  void pump(int unfinishedBytes) {
    unfinished = unfinishedBytes;
    while (!asking && !over) {
      Load next = batches.peek();
      long need = next != null ? next.batch().weight() : unfinished <= FREE ? 0 : unfinished;
      Room have = room;
      if (need == 0) {
        release();
        return;
      }
      if (have == null || have.bytes() < need) {
        ask(have, need);
      } else if (next == null) {
        return;
      } else {
        batches.remove();
        room = null;
        put(have, next);
      }
    }
  }

  private void ask(@Nullable Room have, long need) {
    long held = have == null ? 0 : have.bytes();
    long more = (batches.isEmpty() && inPieces ? roundedUp(need) : need) - held;
    Future<Room> asked =
        have == null
            ? hall.inlet().reserve(party, more, AS_LONG_AS_IT_TAKES)
            : have.grow(more, AS_LONG_AS_IT_TAKES).map(have);
    if (asked.succeeded()) {
      room = asked.result();
    } else if (asked.failed()) {
      denied(asked.cause(), false);
    } else {
      asking = true;
      hall.waits();
      asked.onComplete(this::answered);
    }
  }

  private static long roundedUp(long bytes) {
    return (bytes + PIECE - 1) / PIECE * PIECE;
  }

  private void answered(AsyncResult<Room> asked) {
    asking = false;
    if (asked.failed()) {
      denied(asked.cause(), true);
    } else if (over) {
      asked.result().release();
    } else {
      room = asked.result();
    }
    pump(unfinished);
    hall.waitsNoMore();
    owner.moved();
  }

  /**
   * There is no room.
   *
   * @param waited whether it was waited for, which can be done again
   */
  private void denied(Throwable cause, boolean waited) {
    if (!(cause instanceof NoRoomException none)) {
      refuse(Refusal.UNKNOWN.word(), "The events may not be kept.");
      return;
    }
    Load next = batches.peek();
    switch (none.refused().why()) {
      case NO_CREDIT -> {
        if (!waited) {
          refuse(none.refused());
        }
      }
      case TOO_LARGE -> {
        if (next == null && inPieces) {
          inPieces = false;
        } else if (next == null || next.batch().size() == 1) {
          refuse(none.refused());
        } else {
          batches.remove();
          Batch whole = next.batch();
          int half = whole.size() / 2;
          batches.addFirst(new Load(whole.slice(half, whole.size()), next.work()));
          batches.addFirst(new Load(whole.slice(0, half), NONE));
        }
      }
      default -> refuse(none.refused());
    }
  }

  private void refuse(Receipt.Refused refused) {
    refuse(refused.why().word(), refused.detail());
  }

  private void refuse(String code, String detail) {
    if (!over) {
      giveUp();
      owner.refused(code, detail);
    }
  }

  /** Puts nothing more, and counts nothing more. */
  void giveUp() {
    over = true;
    batches.forEach(load -> load.work().end());
    batches.clear();
    release();
  }

  private void release() {
    Room held = room;
    if (held != null) {
      room = null;
      held.release();
    }
  }

  private void put(Room into, Load load) {
    Sent on = new Sent(load);
    sent.add(on);
    if (hall.config().ack() == Ack.DELIVERED) {
      on.work.end();
    }
    into.put(load.batch(), hall.config().ack())
        .onComplete(
            answer ->
                settled(
                    on,
                    answer.succeeded()
                        ? answer.result()
                        : new Receipt.Refused(
                            Refusal.UNKNOWN, Duration.ZERO, "The events may be kept.")));
  }

  private void settled(Sent on, Receipt receipt) {
    on.work.end();
    receipt.fold(
        new Receipt.Cases<Boolean>() {
          @Override
          public Boolean kept(Receipt.Kept answer) {
            hall.telemetry().kept(answer.events(), on.bytes, System.nanoTime() - on.since);
            on.kept = true;
            return true;
          }

          @Override
          public Boolean refused(Receipt.Refused answer) {
            sent.remove(on);
            refuse(answer);
            return false;
          }
        });
    while (!sent.isEmpty() && sent.element().kept) {
      Sent first = sent.remove();
      kept += over ? 0 : first.events;
    }
    owner.moved();
  }
}

package io.sluice.stream;

import io.sluice.event.Batch;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys of events that a stream has or is getting, for as long as the window is open and there
 * are not too many of them. Confined to the stream's event loop.
 *
 * <p>A key is reserved when its event arrives. It counts from the moment the log has the event, and
 * is given up when the log refuses it. Times are when events were received, and never go back.
 */
final class Keys {
  private static final int PER_TICK = 20_000;

  /** Stands for the ordinal of an event that another replica has. */
  private static final long ELSEWHERE = -1;

  /** What a batch that is on its way has reserved. */
  private static final class Reserved {
    final Ticket ticket;
    final long from;
    final long to;
    boolean settled;

    Reserved(Ticket ticket, long from, long to) {
      this.ticket = ticket;
      this.from = from;
      this.to = to;
    }
  }

  private final EventKey key;
  private final long window;
  private final int most;
  private final KeyLog log;
  private final KeyIndex index;
  private final ArrayDeque<Reserved> pending = new ArrayDeque<>();
  private long newest;
  private long shortened;

  /**
   * Knows nothing yet.
   *
   * @param window how long a key is remembered; milliseconds
   * @param most how many are
   * @param first the number of the first entry
   */
  Keys(EventKey key, long window, int most, long first) {
    this.key = key;
    this.window = window;
    this.most = most;
    this.log = new KeyLog(first);
    this.index = new KeyIndex(log);
  }

  KeyLog log() {
    return log;
  }

  /** What the keys are, as the operator wrote it. */
  String by() {
    return key.by();
  }

  SipHash hash() {
    return key.hash();
  }

  /** Behind the last entry before which all are settled. */
  long settled() {
    Reserved first = pending.peek();
    return first == null ? log.end() : first.from;
  }

  /** How many keys are remembered. */
  long size() {
    return log.end() - log.oldest();
  }

  /** How far back all keys are remembered; milliseconds. */
  long span(long nowMillis) {
    return size() == 0 ? 0 : Math.max(0, nowMillis - log.time(log.oldest()));
  }

  /** How many were forgotten before their time. */
  long shortened() {
    return shortened;
  }

  /**
   * Looks at what is not marked in {@code repeated} yet: marks what is there or on its way, and
   * reserves the others' keys. For what is on its way the ticket then waits.
   *
   * @param together whether the batch must not be parted from what it repeats
   * @return whose batch has to be settled before this one can be looked at; nothing was reserved
   *     then
   */
  Optional<Ticket> look(Batch batch, BitSet repeated, Ticket ticket, boolean together) {
    long from = log.end();
    long time = Math.max(newest, batch.origin().received().toEpochMilli());
    int fresh = 0;
    BitSet marked = new BitSet();
    for (int i = 0; i < batch.size(); i++) {
      if (repeated.get(i)) {
        continue;
      }
      if (key.of(batch, i)) {
        long found = index.find(key.hash().high(), key.hash().low());
        Reserved owner = found >= settled() && found < from ? owner(found) : null;
        if (owner != null && together) {
          takeBack(from);
          return Optional.of(owner.ticket);
        }
        if (owner != null) {
          ticket.follow(owner.ticket);
        }
        if (owner != null || found >= from || counts(found, time)) {
          marked.set(i);
          if (owner == null && found < from) {
            repeats(ticket, log.ordinal(found));
          }
          continue;
        }
        add(fresh, time);
      }
      fresh++;
    }
    repeated.or(marked);
    newest = time;
    if (log.end() > from) {
      pending.add(new Reserved(ticket, from, log.end()));
      ticket.reserve();
    }
    forget(2 * batch.size() + 16, time);
    return Optional.empty();
  }

  private static void repeats(Ticket ticket, long ordinal) {
    if (ordinal == ELSEWHERE) {
      ticket.leans();
    } else {
      ticket.notBefore(ordinal + 1);
    }
  }

  /** Whether an entry that is settled is remembered at that time. */
  private boolean counts(long found, long time) {
    return found >= 0 && time - log.time(found) < window;
  }

  private void add(long ordinal, long time) {
    if ((int) log.end() == 0) {
      log.add(0, 0, 0, time);
    }
    index.put(log.add(key.hash().high(), key.hash().low(), ordinal, time));
  }

  private void takeBack(long from) {
    for (long number = log.end() - 1; number >= from; number--) {
      giveUp(number);
    }
    log.takeBack(from);
  }

  private void giveUp(long number) {
    if (!log.isDead(number)) {
      index.remove(number);
      log.kill(number);
    }
  }

  private @Nullable Reserved owner(long number) {
    for (Reserved reserved : pending) {
      if (number < reserved.to) {
        return reserved.settled || number < reserved.from ? null : reserved;
      }
    }
    return null;
  }

  /** The log has the ticket's events, the first at this ordinal. */
  void kept(Ticket ticket, long ordinal) {
    Reserved reserved = settle(ticket);
    if (reserved != null) {
      for (long number = reserved.from; number < reserved.to; number++) {
        long place = log.ordinal(number);
        log.setOrdinal(number, ticket.elsewhere().get((int) place) ? ELSEWHERE : ordinal + place);
      }
      next();
    }
  }

  /** The log will not have them. */
  void refused(Ticket ticket) {
    Reserved reserved = settle(ticket);
    if (reserved != null) {
      for (long number = reserved.from; number < reserved.to; number++) {
        giveUp(number);
      }
      next();
    }
  }

  private @Nullable Reserved settle(Ticket ticket) {
    if (!ticket.reserves()) {
      return null;
    }
    for (Reserved reserved : pending) {
      if (reserved.ticket == ticket) {
        reserved.settled = true;
        return reserved;
      }
    }
    return null;
  }

  private void next() {
    for (Reserved first = pending.peek(); first != null && first.settled; first = pending.peek()) {
      pending.remove();
    }
  }

  /**
   * An event that the log has: told once for each, in order, before anything arrives.
   *
   * @param elsewhere places of those that another replica has
   * @param late places of those that nobody may have
   */
  void restore(Batch batch, long ordinal, BitSet elsewhere, BitSet late) {
    long time = Math.max(newest, batch.origin().received().toEpochMilli());
    for (int i = 0; i < batch.size(); i++) {
      if (!late.get(i) && key.of(batch, i)) {
        add(elsewhere.get(i) ? ELSEWHERE : ordinal + i, time);
      }
    }
    newest = time;
    forget(batch.size() + 16, time);
  }

  /** An entry as an earlier run had it, in its place; a dead one where both halves are 0. */
  void restore(long high, long low, long ordinal, long time) {
    long number = log.add(high, low, ordinal, time);
    newest = Math.max(newest, time);
    if (!log.isDead(number)) {
      index.put(number);
    }
  }

  /** Forgets what is over, a part of it at a time. */
  void expire(long nowMillis) {
    forget(PER_TICK, nowMillis);
  }

  private void forget(int mostNow, long time) {
    long settled = settled();
    for (int i = 0; log.oldest() < settled; i++) {
      boolean over = time - log.time(log.oldest()) >= window;
      if (size() <= most && (!over || i >= mostNow)) {
        return;
      }
      if (!log.isDead(log.oldest())) {
        shortened += over ? 0 : 1;
        index.remove(log.oldest());
      }
      log.removeOldest();
    }
  }
}

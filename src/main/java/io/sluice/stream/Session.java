package io.sluice.stream;

import io.sluice.event.Sequence;
import io.sluice.stream.Progress.Span;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * One client's session in a stream: what the log has of it, and what is on its way there. Confined
 * to the stream's event loop.
 *
 * <p>What arrives goes on where the last batch ended, or repeats what came before. When a batch on
 * its way is refused, those behind it may still be kept; nothing new is taken until that is known.
 */
final class Session {
  /** A batch that the log was given. */
  private record Claim(Ticket ticket, Span numbers) {}

  private final ArrayDeque<Claim> pending = new ArrayDeque<>();
  private final ArrayDeque<Ticket> parked = new ArrayDeque<>();
  private List<Promise<Long>> askers = List.of();
  private Progress progress;
  private long reach;
  private boolean broken;

  /** How much damage its events read so far lie behind. */
  private int damages;

  /** What was read last lies behind events that are missing. */
  private boolean adrift;

  Session(Progress progress) {
    this.progress = progress;
    this.reach = progress.through();
  }

  Progress progress() {
    return progress;
  }

  boolean idle() {
    return pending.isEmpty() && parked.isEmpty() && askers.isEmpty();
  }

  /** Whether there is nothing to remember of it. */
  boolean blank() {
    return idle() && progress.end() == 0;
  }

  /** Why a batch cannot be taken: events before it are missing. */
  Optional<String> gap(Sequence numbers) {
    if (broken) {
      return Optional.of("an earlier batch of the session was refused; ask how far it got");
    }
    return numbers.first() <= reach + 1
        ? Optional.empty()
        : Optional.of("the session goes on with event " + (reach + 1) + ", not " + numbers.first());
  }

  /** Marks the events of a batch that are there, or on their way. */
  void mark(Sequence numbers, int events, BitSet repeated) {
    long firstEvent = numbers.last() - events + 1;
    for (int i = 0; i < events; i++) {
      long number = firstEvent + i;
      if (number <= reach || progress.isAhead(number)) {
        repeated.set(i);
      }
    }
  }

  /** The ticket repeats some of it; it waits for those that are on their way. */
  void follow(Sequence numbers, Ticket ticket) {
    ticket.notBefore(progress.end());
    for (Claim claim : pending) {
      if (claim.numbers().first() <= numbers.last() && claim.numbers().last() >= numbers.first()) {
        ticket.follow(claim.ticket());
      }
    }
  }

  /** What of the numbers is new. */
  Optional<Span> fresh(Sequence numbers) {
    return numbers.last() <= reach
        ? Optional.empty()
        : Optional.of(new Span(Math.max(numbers.first(), reach + 1), numbers.last()));
  }

  /** Batches that wait for another one to be settled before they can be looked at, in order. */
  ArrayDeque<Ticket> parked() {
    return parked;
  }

  /** These go to the log with the ticket. */
  void claim(Span numbers, Ticket ticket) {
    pending.add(new Claim(ticket, numbers));
    reach = progress.reach(numbers.last());
  }

  /**
   * The log was found to have these at the start. Behind damage it cannot be known whether a
   * client's next events are those that lie there: they do not count, so that nothing new is ever
   * taken for a repeat.
   *
   * @param before how much damage lies before them
   */
  void found(Span numbers, long end, long used, int before) {
    boolean gap = numbers.first() > progress.through() + 1;
    adrift = gap && (adrift || before > damages);
    damages = before;
    if (adrift) {
      progress = progress.whole(end, used);
      reach = progress.through();
    } else {
      kept(numbers, end, used);
    }
  }

  /** Events may be missing from here on; what is there beyond a gap may be a repeat of them. */
  void damaged() {
    progress = progress.whole(progress.end(), progress.used());
    reach = progress.through();
  }

  /** The log has these. */
  void kept(Span numbers, long end, long used) {
    progress = progress.plus(numbers, end, used);
    reach = progress.reach(reach);
  }

  /** The ticket's batch is in the log now. */
  void kept(Ticket ticket, long end, long used) {
    take(ticket).ifPresent(claim -> kept(claim.numbers(), end, used));
    settled();
  }

  /** The ticket's batch never will be. */
  void refused(Ticket ticket) {
    take(ticket);
    settled();
  }

  private Optional<Claim> take(Ticket ticket) {
    Claim first = pending.peek();
    if (first != null && first.ticket() == ticket) {
      return Optional.of(pending.remove());
    }
    Optional<Claim> found = pending.stream().filter(claim -> claim.ticket() == ticket).findFirst();
    found.ifPresent(pending::remove);
    return found;
  }

  /** Looks again how far the session reaches, and whether what is on its way has a gap. */
  private void settled() {
    reach = progress.through();
    broken = false;
    for (Claim claim : pending) {
      broken |= claim.numbers().first() > reach + 1;
      if (!broken) {
        reach = progress.reach(claim.numbers().last());
      }
    }
    tell();
  }

  /** Answers who asked, once nothing is on its way. */
  void tell() {
    if (pending.isEmpty() && parked.isEmpty()) {
      List<Promise<Long>> told = askers;
      askers = List.of();
      told.forEach(asker -> asker.complete(progress.through()));
    }
  }

  /** How far the log has all of it, once nothing is on its way. */
  Future<Long> through() {
    Promise<Long> asker = Promise.promise();
    askers = new ArrayList<>(askers);
    askers.add(asker);
    tell();
    return asker.future();
  }
}

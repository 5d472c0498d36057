package io.sluice.flow;

import io.sluice.connector.Work;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Who has how much under way on one event loop, from the moment it is looked through to its
 * receipt.
 *
 * <p>The loop, the journal and the disk serve in the order of arrival, so whoever has little to
 * send waits for whatever is before it there. Credit bounds that by memory; this bounds it by time:
 * a party that has its share under way waits outside, where it is in nobody's way. Whatever it has
 * is done before more of it begins, so its share is no rate, and only parties that keep many
 * connections busy at once ever meet it.
 *
 * <p>Remembers a party for as long as it works, and a little longer. Knows no bus; confined to its
 * event loop.
 */
final class Shares {
  /** What any piece of work costs beside its bytes. Bytes. */
  static final long PIECE = 8 << 10;

  /** What a party may have under way that is alone. Bytes. */
  static final long ALONE = 4 << 20;

  /** What each may have while there are several. Bytes. */
  static final long BESIDE = 128 << 10;

  /** Who was silent for so long counts no more. */
  static final long REMEMBERED_NANOS = 10_000_000_000L;

  private final LongSupplier nanos;
  private final Map<Object, Party> parties = new HashMap<>();
  private long looked;

  private static final class Party {
    final ArrayDeque<Waiting> waiting = new ArrayDeque<>(0);
    boolean serving;
    long underWay;
    long seen;
  }

  private record Waiting(long cost, Promise<Work> promise) {}

  /** A piece of work that has begun. */
  private final class Begun implements Work {
    private final Party party;
    private final long cost;
    private boolean ended;

    Begun(Party party, long cost) {
      this.party = party;
      this.cost = cost;
    }

    @Override
    public void end() {
      if (!ended) {
        ended = true;
        party.underWay -= cost;
        advance(party);
      }
    }
  }

  Shares(LongSupplier nanos) {
    this.nanos = nanos;
    this.looked = nanos.getAsLong();
  }

  /** Begins work, as soon as the party has not too much under way. */
  Future<Work> begin(Object who, long bytes) {
    long now = nanos.getAsLong();
    forget(now);
    Party party = parties.computeIfAbsent(who, first -> new Party());
    party.seen = now;
    long cost = PIECE + bytes;
    if (party.waiting.isEmpty() && fits(party, cost)) {
      return Future.succeededFuture(begun(party, cost));
    }
    Promise<Work> promise = Promise.promise();
    party.waiting.add(new Waiting(cost, promise));
    return promise.future();
  }

  private Work begun(Party party, long cost) {
    party.underWay += cost;
    return new Begun(party, cost);
  }

  private boolean fits(Party party, long cost) {
    long share = parties.size() > 1 ? BESIDE : ALONE;
    return party.underWay == 0 || party.underWay + cost <= share;
  }

  private void advance(Party party) {
    if (party.serving) {
      return; // what was begun below ended at once: the loop there goes on
    }
    party.serving = true;
    Waiting first = party.waiting.peek();
    while (first != null && fits(party, first.cost())) {
      party.waiting.remove();
      first.promise().complete(begun(party, first.cost()));
      first = party.waiting.peek();
    }
    party.serving = false;
  }

  private void forget(long now) {
    if (now - looked > REMEMBERED_NANOS / 4) {
      looked = now;
      parties
          .values()
          .removeIf(party -> party.underWay == 0 && now - party.seen > REMEMBERED_NANOS);
    }
  }

  /** Those who wait are told that nothing comes of it; what they have under way goes on. */
  void dismiss(Predicate<Object> who, Throwable why) {
    for (Map.Entry<Object, Party> entry : Map.copyOf(parties).entrySet()) {
      if (who.test(entry.getKey())) {
        ArrayDeque<Waiting> dismissed = new ArrayDeque<>(entry.getValue().waiting);
        entry.getValue().waiting.clear();
        dismissed.forEach(each -> each.promise().fail(why));
      }
    }
  }

  /** How many parties are remembered. */
  int parties() {
    return parties.size();
  }
}

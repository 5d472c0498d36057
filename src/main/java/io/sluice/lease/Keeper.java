package io.sluice.lease;

import io.sluice.connector.Cursor;
import io.sluice.connector.LeaseLostException;
import io.sluice.connector.LeaseStore.Owner;
import io.sluice.lease.Register.Head;
import io.sluice.lease.Register.Member;
import io.sluice.lease.Register.Snapshot;
import io.sluice.lease.Register.Taken;
import io.sluice.replica.LeaseTimes;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The leases of one replica. All hang on one thing, its signs of life in the register: it may poll
 * until {@code renewWithin} after it began the latest that was answered, and what it had by then is
 * lost. Others take a lease only when they have seen no new sign of its holder for {@code
 * duration}, each by its own monotonic clock; and every write carries the term, so that one who was
 * stopped in between is refused.
 *
 * <p>Confined to one event loop, {@link #valid}, {@link #commit} and {@link #owner} excepted.
 */
final class Keeper {
  /** How many sources a member asks for at a time. */
  private static final int ASKS = 256;

  private final Register register;
  private final String identity;
  private final LeaseTimes times;
  private final LongSupplier nanos;
  private final LeaseTelemetry telemetry;
  private final Observed observed;
  private final Map<String, Held> held = new HashMap<>();
  private final Map<String, Long> freeSince = new HashMap<>();
  private final Set<String> taking = new HashSet<>();

  /** Sources that should be its own, and when that was last said. */
  private final Map<String, Long> asks = new HashMap<>();

  private volatile Map<String, Head> heads = Map.of();
  private volatile Until until = new Until(false, 0);
  private @Nullable Throwable trouble;
  private @Nullable Long joined;
  private long beats;
  private boolean left;

  /** Until when there is the right to poll, if there ever was. */
  private record Until(boolean ever, long nanos) {
    boolean holds(long now) {
      return ever && now - nanos < 0;
    }
  }

  /** A lease this replica has. Its promises complete on the keeper's loop. */
  static final class Held {
    private final String source;
    private final Head head;
    private final Cursor cursor;
    private final Promise<Void> lost = Promise.promise();
    private final Promise<Void> wanted = Promise.promise();

    private Held(String source, Head head, Cursor cursor) {
      this.source = source;
      this.head = head;
      this.cursor = cursor;
    }

    long term() {
      return head.term();
    }

    /** When it was taken. */
    Cursor cursor() {
      return cursor;
    }

    Future<Void> lost() {
      return lost.future();
    }

    Future<Void> wanted() {
      return wanted.future();
    }
  }

  /**
   * No lease yet.
   *
   * @param identity of this replica, and of no other that ever was
   */
  Keeper(
      Register register,
      String identity,
      LeaseTimes times,
      LongSupplier nanos,
      LeaseTelemetry telemetry) {
    this.register = register;
    this.identity = identity;
    this.times = times;
    this.nanos = nanos;
    this.telemetry = telemetry;
    this.observed = new Observed(times.duration());
  }

  /** Gives a sign of life and looks around; one at a time. Never fails. */
  Future<Void> beat() {
    if (left) {
      return Future.succeededFuture();
    }
    long begun = nanos.getAsLong();
    asks.values().removeIf(said -> begun - said > 2 * times.renewEvery().toNanos());
    Member me =
        new Member(
            identity, Long.toString(++beats), asks.keySet().stream().sorted().limit(ASKS).toList());
    return register.beat(me).transform(answer -> answered(begun, answer));
  }

  private Future<Void> answered(long begun, AsyncResult<Snapshot> answer) {
    // Whatever came of it: it may have come too late for what is held.
    look();
    long now = nanos.getAsLong();
    trouble = answer.cause();
    if (answer.failed() || left) {
      return Future.succeededFuture();
    }
    long end = begun + times.renewWithin().toNanos();
    if (now - end >= 0) {
      trouble = new IOException("the register of leases answers too slowly");
      return Future.succeededFuture();
    }
    until = new Until(true, end);
    if (joined == null) {
      joined = now;
    }
    heads = answer.result().heads();
    observed.saw(
        answer.result().members(),
        heads.values().stream()
            .map(Head::holder)
            .filter(holder -> !holder.isEmpty())
            .collect(Collectors.toSet()),
        begun,
        now);
    List.copyOf(held.values()).forEach(mine -> compare(mine));
    telemetry.stands(held.size(), observed.living().size());
    observed.dead().stream()
        .filter(member -> !member.identity().equals(identity))
        .forEach(register::strike);
    return Future.succeededFuture();
  }

  private void compare(Held mine) {
    Head head = heads.getOrDefault(mine.source, Head.NONE);
    if (head.term() > mine.term()) {
      lose(mine);
    } else {
      String first = Rendezvous.order(mine.source, observed.living()).get(0);
      if (observed.asking(mine.source).contains(first)) {
        mine.wanted.tryComplete();
      }
    }
  }

  /** Gives up what the time has run out for. Called when it does, and whenever. */
  void look() {
    if (!held.isEmpty() && !valid()) {
      telemetry.ranOut(held.size());
      List.copyOf(held.values()).forEach(this::lose);
    }
  }

  private void lose(Held mine) {
    if (held.remove(mine.source, mine)) {
      telemetry.stands(held.size(), observed.living().size());
      mine.lost.tryComplete();
    }
  }

  /** Whether what is held may be used. Any thread. */
  boolean valid() {
    return until.holds(nanos.getAsLong());
  }

  /** Until when that is so, unless it is renewed; as {@link System#nanoTime()}. */
  long until() {
    return until.nanos();
  }

  /** See {@link io.sluice.connector.LeaseStore#acquire}. */
  Future<Optional<Held>> acquire(String source) {
    Throwable why = trouble;
    if (!valid()) {
      return why == null
          ? Future.succeededFuture(Optional.empty())
          : Future.failedFuture(
              new IOException("the register of leases cannot be reached: " + why.getMessage()));
    }
    if (left || held.containsKey(source) || taking.contains(source)) {
      return Future.succeededFuture(Optional.empty());
    }
    long now = nanos.getAsLong();
    Head head = heads.getOrDefault(source, Head.NONE);
    List<String> order = Rendezvous.order(source, observed.living());
    int rank = order.indexOf(identity);
    boolean free = head.holder().equals(identity) || !observed.living(head.holder());
    if (!free) {
      freeSince.remove(source);
      ask(source, rank == 0 && settled(now));
      return Future.succeededFuture(Optional.empty());
    }
    ask(source, false);
    long since = freeSince.computeIfAbsent(source, first -> now);
    // Who should have it may not want it: then the next one in line takes it, and so on.
    if (rank < 0 || now - since < rank * 2L * times.renewEvery().toNanos()) {
      return Future.succeededFuture(Optional.empty());
    }
    taking.add(source);
    return register
        .take(source, head, identity)
        .onComplete(done -> taking.remove(source))
        .map(taken -> taken.flatMap(mine -> hold(source, mine)));
  }

  private void ask(String source, boolean wanted) {
    if (wanted) {
      asks.put(source, nanos.getAsLong());
    } else {
      asks.remove(source);
    }
  }

  /** Who comes and goes shall not make the sources wander. */
  private boolean settled(long now) {
    Long since = joined;
    return since != null && now - since >= times.renewWithin().toNanos();
  }

  private Optional<Held> hold(String source, Taken taken) {
    freeSince.remove(source);
    Head mine = new Head(identity, taken.term());
    if (!valid() || left) {
      register.release(source, mine);
      return Optional.empty();
    }
    Held lease = new Held(source, mine, taken.cursor());
    held.put(source, lease);
    know(source, mine);
    return Optional.of(lease);
  }

  private void know(String source, Head head) {
    Map<String, Head> all = new HashMap<>(heads);
    all.put(source, head);
    heads = Map.copyOf(all);
  }

  /** Writes a cursor. Any event loop, where the future completes. */
  Future<Void> commit(Held lease, long number, Cursor cursor) {
    return valid()
        ? register.commit(lease.source, lease.head, number, cursor)
        : Future.failedFuture(
            new LeaseLostException("the lease of " + lease.source + " was not renewed in time"));
  }

  /** It was found out that a lease is lost. */
  void refused(Held lease) {
    lose(lease);
  }

  /** Gives a lease up; one that is lost, too. Never fails. */
  Future<Void> release(Held lease) {
    if (!held.remove(lease.source, lease)) {
      return Future.succeededFuture();
    }
    know(lease.source, new Head("", lease.term()));
    return register.release(lease.source, lease.head).otherwiseEmpty();
  }

  /** Says goodbye: others need not wait. Nothing is acquired from now on. Never fails. */
  Future<Void> leave() {
    left = true;
    List<Held> all = List.copyOf(held.values());
    return Future.join(all.stream().map(this::release).toList())
        .transform(
            released -> register.strike(new Member(identity, Long.toString(beats), List.of())))
        .otherwiseEmpty();
  }

  /** Who had a source at the latest look. Any thread. */
  Optional<Owner> owner(String source) {
    Head head = heads.getOrDefault(source, Head.NONE);
    return head.holder().isEmpty()
        ? Optional.empty()
        : Optional.of(new Owner(Identities.name(head.holder()), head.term()));
  }
}

package io.sluice.stream;

import io.sluice.event.Batch;
import io.sluice.event.Position;
import io.sluice.event.Refusal;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log whose events count once the replicas agreed on them. What the log has is asked for, a group
 * at a time and in order; only then is it kept: receipts, sinks and the memo know of nothing beyond
 * {@link #next}. A batch with nothing to ask for is kept at once when nothing waits before it.
 *
 * <p>After a crash the events behind the memo are told apart by what was decided of them, and those
 * of which nothing was are asked for again. Until that is done, nothing is taken. Where there is
 * nothing to ask for, it goes on without an answer. Confined to the stream's event loop.
 */
final class SharedLog implements LogOver {
  private static final Logger LOG = LoggerFactory.getLogger(SharedLog.class);

  /** How many events are read back at once. Bytes. */
  private static final long CHUNK = 1 << 20;

  /** How long an opening waits until everything can be taken; after that it goes on without. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How long an end waits for the last verdict. */
  private static final Duration LAST = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final Log inner;
  private final Arbiter arbiter;
  private final Taking taking;
  private final Claims claims;
  private final Again again;
  private final Tidying tidying;
  private final StreamTelemetry telemetry;
  private final Context context;
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private final Promise<Void> caughtUp = Promise.promise();
  private @Nullable Keeper keeper;
  private @Nullable Standing standing;
  private Memory memory = Memory.empty(Optional.empty());
  private Position agreed = Position.START;
  private @Nullable Promise<Void> asking;
  private boolean scheduled;
  private boolean reading;
  private boolean ready;
  private boolean fenced;
  private boolean closed;

  /**
   * Over another log; call it on the stream's event loop.
   *
   * @param lasting whether that one outlives the process
   */
  SharedLog(
      Vertx vertx,
      Log inner,
      boolean lasting,
      Sharing sharing,
      Arbiter arbiter,
      StreamTelemetry telemetry) {
    this.vertx = vertx;
    this.inner = inner;
    this.arbiter = arbiter;
    this.claims = new Claims(sharing);
    this.again = new Again(vertx);
    this.taking = new Taking(arbiter, inner, lasting, again);
    this.tidying = new Tidying(vertx, arbiter);
    this.telemetry = telemetry;
    this.context = vertx.getOrCreateContext();
  }

  @Override
  public Log inner() {
    return inner;
  }

  @Override
  public Keeper told() {
    if (keeper == null) {
      throw new IllegalStateException("the log is not open");
    }
    return keeper;
  }

  @Override
  public Future<Opened> open(Keeper told, Optional<KeysMade> keys) {
    keeper = told;
    return inner
        .open(this, keys)
        .compose(
            opened -> {
              memory = opened.memory();
              agreed = opened.upTo();
              take(inner.next().ordinal());
              catchUp();
              // After that it goes on without, and takes nothing until then.
              return atMost(PATIENCE, caughtUp).map(done -> new Opened(memory, agreed));
            });
  }

  /** Completes in time, and on this event loop, which {@link Future#timeout} may not do. */
  private Future<Void> atMost(Duration time, Promise<Void> what) {
    vertx.setTimer(time.toMillis(), late -> what.tryComplete());
    return what.future();
  }

  private void take(long known) {
    taking.take(agreed.ordinal(), known, this::taken, this::untaken);
  }

  private void taken(Standing stands) {
    standing = stands;
    claims.hash(stands);
    asking = null;
    if (ready) {
      caughtUp.tryComplete();
      pump();
    } else {
      queue.clear(); // is read again from where it is not settled
      catchUp();
    }
  }

  private void untaken() {
    if (ready) {
      caughtUp.tryComplete(); // whoever has nothing to ask for need not wait
    }
  }

  /** Reads what is behind the memo, as far as it can be known what became of it. */
  private void catchUp() {
    if (closed || ready || reading) {
      return;
    }
    if (agreed.ordinal() >= inner.next().ordinal()) {
      ready = true;
      again.well(); // or not, and then it is noticed
      tidying.begin();
      told().grown();
      if (standing != null) {
        caughtUp.tryComplete();
      }
      return;
    }
    reading = true;
    inner.read(agreed, CHUNK).onComplete(read -> found(read));
  }

  private void found(AsyncResult<List<Entry>> read) {
    reading = false;
    if (read.failed()) {
      LOG.atError().setCause(read.cause()).log("cannot read the stream back, trying again");
      again.later(this::catchUp);
    } else if (read.result().isEmpty()) {
      agreed = inner.next(); // nothing of it is left
      catchUp();
    } else {
      boolean all = true;
      for (Entry entry : read.result()) {
        all = all && found(entry);
      }
      if (all) {
        pump();
      }
    }
  }

  /** Whether it can be gone on from here before the log is taken over. */
  private boolean found(Entry entry) {
    long first = entry.first().ordinal();
    int size = entry.batch().size();
    Standing stands = standing;
    if (stands == null && claims.asks(entry.batch())) {
      return false;
    }
    if (stands != null && entry.end() <= stands.through()) {
      memory.restore(
          entry.first(),
          entry.batch(),
          stands.of(first, size, true),
          stands.of(first, size, false));
      agreed = entry.first().plus(size);
      told().grown();
    } else {
      queue.add(new Waiting(entry.first(), entry.batch(), null, claims.keys(entry.batch())));
    }
    return true;
  }

  @Override
  public void kept(Position first, Ticket ticket) {
    Batch batch = ticket.appended();
    if (closed || fenced) {
      told().refused(ticket, fenced ? Refusal.JOURNAL_FAILED : Refusal.UNKNOWN);
      return;
    }
    Waiting waiting = new Waiting(first, batch, ticket, claims.keys(batch));
    if (queue.isEmpty() && asking == null && !claims.asks(waiting)) {
      agreed = waiting.next();
      told().kept(first, ticket);
      return;
    }
    queue.add(waiting);
    if (!scheduled && asking == null) {
      scheduled = true;
      context.runOnContext(
          end -> {
            scheduled = false;
            pump();
          });
    }
  }

  /** Asks for what waits. */
  private void pump() {
    if (asking != null || closed || fenced) {
      return;
    }
    while (!queue.isEmpty() && !claims.asks(queue.element())) {
      settle(queue.remove(), new BitSet(), new BitSet());
    }
    if (!queue.isEmpty()) {
      List<Waiting> group = claims.group(queue);
      asking = Promise.promise();
      decide(group);
    } else {
      catchUp();
    }
  }

  private void decide(List<Waiting> group) {
    Standing stands = standing;
    if (stands == null) {
      return;
    }
    long begun = System.nanoTime();
    Claim claim = claims.of(group, memory, inner.remembered().ordinal());
    arbiter
        .decide(inner.identity(), stands.term(), claim)
        .onComplete(
            answer -> {
              if (answer.succeeded()) {
                answer.result().fold(new Deciding(group, claim, begun));
              } else if (!closed) {
                claims.fewer();
                asking = null;
                again.later(this::pump);
              }
            });
  }

  /** What follows from a verdict. */
  private final class Deciding implements Verdict.Cases<Boolean> {
    private final List<Waiting> group;
    private final Claim claim;
    private final long begun;

    Deciding(List<Waiting> group, Claim claim, long begun) {
      this.group = group;
      this.claim = claim;
      this.begun = begun;
    }

    @Override
    public Boolean decided(Verdict.Decided decided) {
      if (closed) {
        return false; // who waited was told that it is not known
      }
      again.well();
      claims.more();
      telemetry.agreed(System.nanoTime() - begun);
      for (Waiting each : group) {
        queue.remove();
        int place = (int) (each.first().ordinal() - claim.from());
        int end = place + each.batch().size();
        settle(each, decided.elsewhere().get(place, end), decided.late().get(place, end));
      }
      Optional.ofNullable(asking).ifPresent(Promise::tryComplete);
      asking = null;
      pump();
      return true;
    }

    @Override
    public Boolean unknown() {
      if (!closed) {
        LOG.atWarn().log("the database that replicas share has forgotten a stream's journal");
        take(agreed.ordinal());
      }
      return true;
    }

    @Override
    public Boolean fenced() {
      LOG.atError()
          .addKeyValue("journal", inner.identity())
          .log("another process has taken the journal over, nothing is taken any more");
      fenced = true;
      Optional.ofNullable(asking).ifPresent(Promise::tryComplete);
      refuseAll(Refusal.JOURNAL_FAILED);
      return false;
    }
  }

  private void settle(Waiting each, BitSet elsewhere, BitSet late) {
    Ticket ticket = each.ticket();
    agreed = each.next();
    if (ticket == null) {
      memory.restore(each.first(), each.batch(), elsewhere, late);
      told().grown();
    } else if (late.isEmpty()) {
      if (!elsewhere.isEmpty()) {
        ticket.elsewhere(elsewhere);
      }
      told().kept(each.first(), ticket);
    } else {
      elsewhere.or(late);
      told().voided(each.first(), ticket, elsewhere, Refusal.UNKNOWN);
    }
  }

  private void refuseAll(Refusal why) {
    while (!queue.isEmpty()) {
      Ticket ticket = queue.remove().ticket();
      if (ticket != null) {
        told().refused(ticket, why);
      }
    }
  }

  @Override
  public Optional<Refusal> obstacle(Batch batch) {
    boolean away = standing == null || again.failing();
    boolean waits = !ready || (away && (asking != null || !queue.isEmpty() || claims.asks(batch)));
    return waits ? Optional.of(Refusal.REPLICA_STORE) : Optional.empty();
  }

  @Override
  public Future<Long> reached(String session, long own) {
    return claims.sessions()
        ? arbiter.through(session).map(others -> Math.max(own, others))
        : Future.succeededFuture(own);
  }

  @Override
  public Position next() {
    return agreed;
  }

  @Override
  public Future<List<Entry>> read(Position from, long most) {
    long end = agreed.ordinal();
    return inner.read(from, most).map(entries -> Entry.before(end, entries));
  }

  @Override
  public boolean healthy() {
    return !fenced && inner.healthy();
  }

  @Override
  public Future<Void> close(Memory what, Position upTo) {
    Promise<Void> asked = asking;
    Future<Void> last =
        asked == null || again.failing() ? Future.succeededFuture() : atMost(LAST, asked);
    return last.compose(
        done -> {
          closed = true;
          taking.end();
          tidying.end();
          refuseAll(Refusal.UNKNOWN);
          return inner.close(what, agreed);
        });
  }
}

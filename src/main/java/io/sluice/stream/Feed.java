package io.sluice.stream;

import io.sluice.event.Batch;
import io.sluice.event.Delivery;
import io.sluice.event.Outcome;
import io.sluice.event.Position;
import io.sluice.flow.Lane;
import io.sluice.flow.SinkDoor;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a stream's events to one sink: from where the sink stands, in order, as far as the sink's
 * credit goes.
 *
 * <p>What was sent is settled when the sink says so; positions move over what is settled without a
 * gap. When a sink goes away with deliveries in flight, its successor is sent nothing until it is
 * known what became of them: a sink that keeps its own position takes what comes behind it for
 * stored. The feed then asks where the successor stands, and sends from there. Confined to the
 * stream's event loop.
 */
final class Feed {
  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

  /** The most that travels as one delivery. Bytes. */
  private static final long DELIVERY = 1024 * 1024;

  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Vertx vertx;
  private final String stream;
  private final String sink;
  private final Log log;
  private final Voids voids;
  private final Undelivered undelivered;
  private final Runnable moved;
  private final Lane<Delivery, Outcome> lane;

  /** Deliveries that were settled ahead of an earlier one: start to end, by ordinal. */
  private final TreeMap<Long, Long> ahead = new TreeMap<>();

  /** Deliveries that were sent: their start, and when their first event was received. */
  private final TreeMap<Long, Instant> sent = new TreeMap<>();

  private long lookedAt = -1;
  private @Nullable Instant looked;
  private boolean looking;
  private long next;
  private long settled;
  private int run;
  private long lost;
  private boolean standing;
  private boolean stood;
  private boolean busy;
  private boolean closed;

  /**
   * A feed that starts where the sink stands, once it can be asked.
   *
   * @param voids events that are not for sinks
   * @param undelivered told of events that went before the sink had them
   * @param moved told whenever the settled position moved
   */
  Feed(
      Vertx vertx,
      String stream,
      String sink,
      Log log,
      Voids voids,
      Undelivered undelivered,
      Runnable moved) {
    this.vertx = vertx;
    this.stream = stream;
    this.sink = sink;
    this.log = log;
    this.voids = voids;
    this.undelivered = undelivered;
    this.moved = moved;
    this.settled = log.resume(log.cursor(sink).orElse(log.first())).ordinal();
    this.lane = Lane.open(vertx, SinkDoor.address(sink));
    lane.onDrain(this::pump);
    ask();
  }

  String sink() {
    return sink;
  }

  /** The ordinal before which everything is the sink's. */
  long settled() {
    return settled;
  }

  /** When the oldest event was received that is not the sink's yet, as far as it is known. */
  private Optional<Instant> oldest() {
    if (settled >= log.next().ordinal()) {
      return Optional.empty();
    }
    Map.Entry<Long, Instant> under = sent.floorEntry(settled);
    return under != null
        ? Optional.of(under.getValue())
        : Optional.ofNullable(looked).filter(known -> lookedAt == settled);
  }

  /** How far the sink is. */
  StreamState.FeedState state(Clock clock) {
    Optional<Duration> lag =
        oldest()
            .map(received -> Duration.between(received, clock.instant()))
            .map(age -> age.isNegative() ? Duration.ZERO : age);
    return new StreamState.FeedState(sink, settled, lost, lag, log.bytesFrom(settled));
  }

  /** Reads when the oldest event was received, where nothing under way tells. */
  void look() {
    if (closed || looking || settled >= log.next().ordinal() || oldest().isPresent()) {
      return;
    }
    looking = true;
    long at = settled;
    log.read(new Position(log.next().epoch(), at), 1)
        .onComplete(
            read -> {
              looking = false;
              if (read.succeeded() && !read.result().isEmpty()) {
                lookedAt = at;
                looked = read.result().get(0).batch().origin().received();
              }
            });
  }

  /**
   * Asks the sink where it stands, until it answers; what was in flight is sent again from there.
   */
  private void ask() {
    standing = false;
    int asked = ++run;
    SinkDoor.standing(vertx, sink, stream)
        .onComplete(
            answer -> {
              if (closed || asked != run) {
                return;
              }
              if (answer.succeeded()) {
                stand(answer.result());
              } else {
                askLater();
              }
            });
  }

  /**
   * Goes on where the sink stands. At first its own word counts, even where it stands before our
   * cursor; later it may be as old as the sink's opening, and what it has stored since holds.
   */
  private void stand(Optional<Position> held) {
    long stands = held.map(position -> log.resume(position).ordinal()).orElse(settled);
    settled = stood ? Math.max(settled, stands) : stands;
    stood = true;
    next = settled;
    ahead.clear();
    sent.clear();
    standing = true;
    moved.run();
    pump();
  }

  private void askLater() {
    standing = false;
    int asked = ++run;
    vertx.setTimer(
        AGAIN.toMillis(),
        again -> {
          if (!closed && asked == run) {
            ask();
          }
        });
  }

  /** Sends what there is, as far as the sink has credit. */
  void pump() {
    if (closed || !standing || busy || lane.inDoubt()) {
      return;
    }
    pass(log.first().ordinal());
    pass(Math.min(voids.past(next), log.next().ordinal()));
    if (next >= log.next().ordinal()) {
      return;
    }
    busy = true;
    int asked = run;
    // without credit one entry is read all the same, so that the lane can say what it waits for
    log.read(new Position(log.next().epoch(), next), Math.max(1, Math.min(DELIVERY, lane.free())))
        .compose(
            entries ->
                asked == run && !entries.isEmpty()
                    ? send(entries, asked)
                    : Future.succeededFuture(!entries.isEmpty()))
        .onComplete(
            done -> {
              busy = false;
              if (closed) {
                return;
              }
              if (done.succeeded() && !done.result()) {
                pumpLater();
              } else if (done.failed()) {
                LOG.atError()
                    .addKeyValue("stream", stream)
                    .addKeyValue("sink", sink)
                    .setCause(done.cause())
                    .log("cannot read the stream back, trying again");
                askLater();
              } else {
                pump();
              }
            });
  }

  /** The log could not give what it said it has; it is not asked again at once. */
  private void pumpLater() {
    vertx.setTimer(AGAIN.toMillis(), again -> pump());
  }

  private Future<Boolean> send(List<Log.Entry> read, int asked) {
    List<Log.Entry> entries = voids.without(read);
    if (entries.isEmpty()) {
      pass(read.get(read.size() - 1).end());
      return Future.succeededFuture(true);
    }
    Log.Entry head = fitting(entries.get(0));
    List<Batch> batches = new ArrayList<>();
    batches.add(head.batch());
    long end = head.end();
    long weight = head.batch().weight();
    for (Log.Entry entry : entries.subList(1, entries.size())) {
      long more = entry.batch().weight();
      if (entry.first().ordinal() != end
          || entry.first().epoch() != head.first().epoch()
          || weight + more > lane.free()) {
        break;
      }
      batches.add(entry.batch());
      end = entry.end();
      weight += more;
    }
    Delivery delivery = new Delivery(stream, head.first(), batches);
    long weighs = weight;
    return lane.hold(weighs, PATIENCE)
        .map(
            held -> {
              if (held && asked == run && !closed && !lane.inDoubt()) {
                deliver(delivery, weighs);
              } else if (held) {
                lane.release(weighs);
              }
              return true;
            });
  }

  /** As much of an entry as the sink could ever take at once. */
  private Log.Entry fitting(Log.Entry entry) {
    Batch batch = entry.batch();
    int events = batch.size();
    while (events > 1 && batch.slice(0, events).weight() > lane.most()) {
      events = (events + 1) / 2;
    }
    return new Log.Entry(entry.first(), batch.slice(0, events));
  }

  private void deliver(Delivery delivery, long weight) {
    long start = delivery.first().ordinal();
    long end = delivery.next().ordinal();
    pass(start);
    next = end;
    sent.put(start, delivery.batches().get(0).origin().received());
    int asked = run;
    lane.offer(delivery, weight)
        .onComplete(
            answer -> {
              if (closed) {
                return;
              }
              if (asked == run && !stored(answer)) {
                askLater();
                return;
              }
              if (asked == run) {
                settle(start, end);
              }
              pump(); // the answer may have been the last that was in doubt
            });
  }

  private static boolean stored(AsyncResult<Outcome> answer) {
    return answer.succeeded() && answer.result() instanceof Outcome.Stored;
  }

  /** Goes over events that are not for sinks, or that the log does not have any more. */
  private void pass(long to) {
    if (next < to) {
      long gone = to - next - voids.count(next, to);
      if (gone > 0) {
        lost += gone;
        undelivered.gone(next, to);
        LOG.atError()
            .addKeyValue("stream", stream)
            .addKeyValue("sink", sink)
            .addKeyValue("from", next)
            .addKeyValue("to", to)
            .log("events are gone before the sink had them");
      }
      long from = next;
      next = to;
      settle(from, to);
    }
  }

  private void settle(long start, long end) {
    ahead.put(start, end);
    long before = settled;
    for (var first = ahead.firstEntry();
        first != null && first.getKey() <= settled;
        first = ahead.firstEntry()) {
      settled = Math.max(settled, first.getValue());
      ahead.pollFirstEntry();
    }
    Long under = settled < next ? sent.floorKey(settled) : Long.valueOf(settled);
    if (under != null) {
      sent.headMap(under).clear();
    }
    if (settled > before) {
      log.keepCursor(sink, new Position(log.next().epoch(), settled));
      moved.run();
    }
  }

  Future<Void> close() {
    closed = true;
    return lane.close();
  }
}

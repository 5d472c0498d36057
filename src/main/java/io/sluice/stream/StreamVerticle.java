package io.sluice.stream;

import io.sluice.event.Ack;
import io.sluice.event.Position;
import io.sluice.event.Refusal;
import io.sluice.flow.Answer;
import io.sluice.flow.Intake;
import io.sluice.flow.Parcel;
import io.sluice.flow.Put;
import io.sluice.flow.SessionDoor;
import io.sluice.flow.StreamInlet;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One stream: takes batches from its inlets, appends them to its log, answers receipts, and feeds
 * its sinks.
 *
 * <p>Never takes more than its log has room for: the credit it grants is what is left of {@code
 * maxBytes}, and no more than {@code intake}. State is confined to its event loop; only {@link
 * StreamTelemetry} is read from outside.
 */
final class StreamVerticle extends VerticleBase implements Log.Keeper {
  private static final Duration SOON = Duration.ofSeconds(1);

  private final String name;
  private StreamSettings settings;
  private List<String> sinks;
  private final Supplier<Log> logs;
  private final StreamTelemetry telemetry;
  private final List<Feed> feeds = new ArrayList<>();
  private final ParkedSinks parked = new ParkedSinks();
  private final Undelivered undelivered = new Undelivered();
  private Memory memory = Memory.empty(Optional.empty());
  private final Clock clock;
  private Log log;
  private @Nullable Intake<Put, Answer> intake;
  private int appending;
  private boolean scheduled;
  private boolean draining;
  private boolean stopped;
  private @Nullable MessageConsumer<?> door;
  private @Nullable Promise<Void> drained;

  StreamVerticle(
      String name,
      StreamSettings settings,
      List<String> sinks,
      Supplier<Log> logs,
      Clock clock,
      StreamTelemetry telemetry) {
    this.name = name;
    this.settings = settings;
    this.sinks = sinks;
    this.logs = logs;
    this.clock = clock;
    this.log = new MemoryLog();
    this.telemetry = telemetry;
  }

  @Override
  public Future<?> start() {
    log = logs.get();
    return log.open(this, settings.dedupe().map(KeysMade::new))
        .onSuccess(
            opened -> {
              memory = opened.memory();
              sinks.forEach(this::feed);
              parked.park(log, sinks);
              parked.tell(name, log, low());
              intake = Intake.open(vertx, StreamInlet.address(name), mostInMemory(), this::take);
              door = SessionDoor.answer(vertx, name, this::through);
              log.remember(memory, log.next());
              makeRoom();
              publish();
              vertx.setPeriodic(SOON.toMillis(), tick -> tick());
            });
  }

  private void feed(String sink) {
    telemetry.feeds(sink);
    feeds.add(new Feed(vertx, name, sink, log, memory.voids(), undelivered, this::moved));
  }

  /** Goes on under other settings, for other sinks. On the stream's event loop. */
  Future<Void> follow(StreamSettings wanted, List<String> takers) {
    settings = wanted;
    sinks = takers;
    log.follow(wanted);
    List<Feed> over = feeds.stream().filter(feed -> !takers.contains(feed.sink())).toList();
    feeds.removeAll(over);
    over.forEach(feed -> log.keepCursor(feed.sink(), at(feed.settled())));
    takers.stream()
        .filter(sink -> feeds.stream().noneMatch(feed -> feed.sink().equals(sink)))
        .toList()
        .forEach(this::feed);
    parked.park(log, takers);
    if (intake != null) {
      intake.resize(mostInMemory());
    }
    moved();
    publish();
    over.forEach(feed -> telemetry.feedsNoMore(feed.sink()));
    return Future.join(over.stream().map(Feed::close).toList()).mapEmpty();
  }

  /** Lets go what is kept for a sink that takes no more. On the stream's event loop. */
  Optional<StreamState.ParkedState> retire(String sink) {
    Optional<StreamState.ParkedState> retired = parked.retire(log, low(), sink);
    log.release(at(parked.needed(low())));
    moved();
    publish();
    return retired;
  }

  private Position at(long ordinal) {
    return new Position(log.next().epoch(), ordinal);
  }

  private long mostInMemory() {
    return Math.min(settings.intake().bytes(), settings.limit().bytes());
  }

  private void take(Parcel<Put, Answer> parcel) {
    Ticket ticket = Ticket.of(parcel);
    if (draining) {
      ticket.refuse(Refusal.DRAINING, SOON, detail(Refusal.DRAINING));
    } else if (!log.healthy()) {
      telemetry.refused(Refusal.JOURNAL_FAILED);
      ticket.refuse(Refusal.JOURNAL_FAILED, SOON, detail(Refusal.JOURNAL_FAILED));
    } else if (full() && settings.whenFull() == StreamSettings.WhenFull.REJECT) {
      ticket.refuse(Refusal.STREAM_FULL, SOON, "the stream holds its " + settings.limit());
    } else {
      Optional<Refusal> obstacle = log.obstacle(ticket.batch());
      if (obstacle.isPresent()) {
        telemetry.refused(obstacle.get());
        ticket.refuse(obstacle.get(), SOON, detail(obstacle.get()));
      } else {
        admit(ticket);
      }
    }
  }

  private Future<Long> through(String session) {
    return memory
        .through(session)
        .compose(own -> log.reached(session, own))
        .onSuccess(
            reached -> memory.reached(session, reached, log.next().ordinal(), clock.millis()));
  }

  private void admit(Ticket ticket) {
    Memory.Arrival arrival = memory.arrived(ticket, this::admit);
    if (arrival instanceof Memory.Arrival.Gap gap) {
      telemetry.refused(Refusal.OUT_OF_SEQUENCE);
      ticket.refuse(Refusal.OUT_OF_SEQUENCE, Duration.ZERO, gap.why());
    } else if (arrival instanceof Memory.Arrival.Taken) {
      taken(ticket);
    }
  }

  private void taken(Ticket ticket) {
    ticket.accepted();
    if (ticket.appends()) {
      appending++;
      log.append(ticket.appended(), ticket);
    } else if (ticket.due()) {
      settle(ticket);
    }
  }

  private boolean full() {
    return log.bytes() >= settings.limit().bytes();
  }

  @Override
  public void kept(Position first, Ticket ticket) {
    appending--;
    telemetry.kept(ticket.appended(), ticket.elsewhere(), clock.millis());
    memory.kept(first, ticket);
    makeRoom(); // before its credit goes home and is granted again
    long end = first.ordinal() + ticket.appended().size();
    resolve(ticket, end);
    ticket.followers().forEach(follower -> resolve(follower, end));
    ticket.then().forEach(Runnable::run);
    atTurnsEnd();
  }

  private void resolve(Ticket ticket, long end) {
    ticket.resolved(end);
    if (ticket.due()) {
      settle(ticket);
    }
  }

  /** Everything a batch stands for is in the log, or something never will be. */
  private void settle(Ticket ticket) {
    Optional<Refusal> spoiled = ticket.spoiled();
    if (spoiled.isPresent()) {
      ticket.refuse(spoiled.get(), SOON, detail(spoiled.get()));
      return;
    }
    telemetry.duplicates(ticket.batch().origin().source(), ticket.duplicates());
    ticket.kept(log.promise());
    if (ticket.awaits(Ack.DELIVERED)) {
      undelivered.add(ticket);
      undelivered.passed(low());
    }
    if (stopped) {
      undelivered.abandon();
    }
  }

  /** Feeds the sinks once for all that was kept in this turn. */
  private void atTurnsEnd() {
    if (!scheduled) {
      scheduled = true;
      context.runOnContext(
          end -> {
            scheduled = false;
            moved();
            feeds.forEach(Feed::pump);
            if (!stopped) { // the close tells it, and after that the log may be another's
              log.remember(memory, log.next());
            }
          });
    }
  }

  @Override
  public void grown() {
    if (intake != null) {
      atTurnsEnd();
    }
  }

  @Override
  public void voided(Position first, Ticket ticket, BitSet voids, Refusal why) {
    memory.voids().add(first.ordinal(), voids);
    refused(ticket, why);
  }

  @Override
  public void refused(Ticket ticket, Refusal why) {
    appending--;
    telemetry.refused(why);
    memory.refused(ticket);
    atTurnsEnd();
    spoil(ticket, why);
    ticket.followers().forEach(follower -> spoil(follower, why));
    ticket.then().forEach(Runnable::run);
  }

  private void spoil(Ticket ticket, Refusal why) {
    ticket.spoiled(why);
    if (ticket.due()) {
      settle(ticket);
    }
  }

  private static String detail(Refusal why) {
    return switch (why) {
      case DISK_FULL -> "the disk is full";
      case REPLICA_STORE -> "the database that replicas share does not answer";
      case DRAINING -> "the stream is shutting down";
      case UNKNOWN -> "the replicas have not agreed on it; the events may be kept";
      default -> "the journal has failed";
    };
  }

  /** A sink moved on: receipts may be due, and room may have come. */
  private void moved() {
    long low = low();
    undelivered.passed(low);
    if (!feeds.isEmpty() || !parked.isEmpty()) {
      // What nobody took yet is kept for whoever comes.
      log.release(at(parked.needed(low)));
    }
    makeRoom();
    if (drained != null && appending == 0 && low >= log.next().ordinal()) {
      drained.tryComplete();
    }
  }

  /** The ordinal before which every sink has everything. */
  private long low() {
    long low = log.next().ordinal();
    for (Feed feed : feeds) {
      low = Math.min(low, feed.settled());
    }
    return low;
  }

  /** Grants as much as may still come. */
  private void makeRoom() {
    if (intake == null) {
      return;
    }
    long limit = settings.limit().bytes();
    switch (settings.whenFull()) {
      case BLOCK -> intake.resize(Math.max(0, limit - log.bytes()));
      case REJECT -> {}
      case DROP_OLDEST -> {
        if (full() && log.dropOldest(limit / 8 * 7)) {
          telemetry.dropped(log.first());
          feeds.forEach(Feed::pump);
        }
      }
    }
  }

  private void tick() {
    long now = clock.millis();
    memory.expire(now);
    memory.voids().forget(log.first().ordinal());
    telemetry.remembers(memory, now);
    makeRoom();
    feeds.forEach(Feed::look);
    publish();
  }

  private void publish() {
    telemetry.publish(
        new StreamState(
            log.first(),
            log.next(),
            log.bytes(),
            settings.limit().bytes(),
            intake == null ? 0 : intake.granted(),
            log.healthy(),
            feeds.stream().map(feed -> feed.state(clock)).toList(),
            parked.states(log, low())));
  }

  /** Runs something on the stream's event loop. */
  void onLoop(Runnable what) {
    context.runOnContext(now -> what.run());
  }

  /**
   * Refuses what is new, and completes once every sink has everything. On the stream's event loop.
   */
  Future<Void> drain() {
    draining = true;
    Promise<Void> promise = Promise.promise();
    drained = promise;
    moved();
    return promise.future();
  }

  /** Closes the log; what no sink has yet stays there. */
  @Override
  public Future<?> stop() {
    draining = true;
    stopped = true;
    undelivered.abandon();
    Future<Void> closed = intake == null ? Future.succeededFuture() : intake.close();
    if (door != null) {
      closed = closed.eventually(door::unregister);
    }
    for (Feed feed : feeds) {
      closed = closed.eventually(feed::close);
    }
    return closed
        .eventually(() -> log.close(memory, log.next()))
        .onComplete(
            done -> {
              publish();
              telemetry.end();
            });
  }
}

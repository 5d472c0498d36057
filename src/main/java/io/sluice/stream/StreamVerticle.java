package io.sluice.stream;

import io.sluice.event.Ack;
import io.sluice.event.Position;
import io.sluice.event.Receipt;
import io.sluice.event.Refusal;
import io.sluice.flow.Intake;
import io.sluice.flow.Parcel;
import io.sluice.flow.Put;
import io.sluice.flow.StreamInlet;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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

  /** A batch whose receipt waits until every sink has passed {@code end}. */
  private record Delivering(long end, Ticket ticket) {}

  private final String name;
  private final StreamSettings settings;
  private final List<String> sinks;
  private final Supplier<Log> logs;
  private final StreamTelemetry telemetry;
  private final List<Feed> feeds = new ArrayList<>();
  private final ArrayDeque<Delivering> delivering = new ArrayDeque<>();
  private Log log;
  private @Nullable Intake<Put, Receipt> intake;
  private int appending;
  private boolean scheduled;
  private boolean draining;
  private boolean stopped;
  private @Nullable Promise<Void> drained;

  StreamVerticle(
      String name,
      StreamSettings settings,
      List<String> sinks,
      Supplier<Log> logs,
      StreamTelemetry telemetry) {
    this.name = name;
    this.settings = settings;
    this.sinks = sinks;
    this.logs = logs;
    this.log = new MemoryLog();
    this.telemetry = telemetry;
  }

  @Override
  public Future<?> start() {
    log = logs.get();
    return log.open(this)
        .onSuccess(
            opened -> {
              for (String sink : sinks) {
                feeds.add(new Feed(vertx, name, sink, log, this::moved));
              }
              intake = Intake.open(vertx, StreamInlet.address(name), mostInMemory(), this::take);
              makeRoom();
              publish();
              vertx.setPeriodic(SOON.toMillis(), tick -> tick());
            });
  }

  private long mostInMemory() {
    return Math.min(settings.intake().bytes(), settings.limit().bytes());
  }

  private void take(Parcel<Put, Receipt> parcel) {
    Ticket ticket = new Ticket(parcel);
    if (draining) {
      ticket.refuse(Refusal.DRAINING, SOON, "the stream is shutting down");
    } else if (!log.healthy()) {
      appending++;
      refused(ticket, Refusal.JOURNAL_FAILED);
    } else if (full() && settings.whenFull() == StreamSettings.WhenFull.REJECT) {
      ticket.refuse(Refusal.STREAM_FULL, SOON, "the stream holds its " + settings.limit());
    } else {
      ticket.accepted();
      appending++;
      log.append(ticket.batch(), ticket);
    }
  }

  private boolean full() {
    return log.bytes() >= settings.limit().bytes();
  }

  @Override
  public void kept(Position first, Ticket ticket) {
    appending--;
    telemetry.kept(ticket.batch());
    makeRoom(); // before its credit goes home and is granted again
    ticket.kept(log.promise());
    if (ticket.awaits(Ack.DELIVERED) && stopped) {
      abandon(ticket);
    } else if (ticket.awaits(Ack.DELIVERED)) {
      delivering.add(new Delivering(first.ordinal() + ticket.batch().size(), ticket));
    }
    atTurnsEnd();
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
          });
    }
  }

  @Override
  public void refused(Ticket ticket, Refusal why) {
    appending--;
    telemetry.refused(why);
    atTurnsEnd();
    ticket.refuse(
        why, SOON, why == Refusal.DISK_FULL ? "the disk is full" : "the journal has failed");
  }

  /** A sink moved on: receipts may be due, and room may have come. */
  private void moved() {
    long low = low();
    while (!delivering.isEmpty() && delivering.element().end() <= low) {
      delivering.remove().ticket().delivered();
    }
    log.release(new Position(log.next().epoch(), low));
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
    makeRoom();
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
            feedStates()));
  }

  private List<StreamState.FeedState> feedStates() {
    return feeds.stream()
        .map(feed -> new StreamState.FeedState(feed.sink(), feed.settled(), feed.lost()))
        .toList();
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

  private static void abandon(Ticket ticket) {
    ticket.abandoned(SOON, "shutting down before every sink had it; the stream keeps it");
  }

  /** Closes the log; what no sink has yet stays there. */
  @Override
  public Future<?> stop() {
    draining = true;
    for (Delivering waiting : delivering) {
      waiting
          .ticket()
          .abandoned(SOON, "shutting down before every sink had it; the stream keeps it");
    }
    delivering.clear();
    Future<Void> closed = intake == null ? Future.succeededFuture() : intake.close();
    for (Feed feed : feeds) {
      closed = closed.eventually(feed::close);
    }
    return closed.eventually(log::close).onComplete(done -> publish());
  }
}

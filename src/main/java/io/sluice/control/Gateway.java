package io.sluice.control;

import static io.sluice.control.RunningParts.all;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.connector.LeaseStore;
import io.sluice.connector.Source;
import io.sluice.control.PlanStep.Part;
import io.sluice.lease.CursorFiles;
import io.sluice.lease.GatewayLeases;
import io.sluice.lease.Leases;
import io.sluice.replica.Replica;
import io.sluice.report.Account;
import io.sluice.report.Books;
import io.sluice.stream.JournalOpening;
import io.sluice.stream.Stream;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that runs, put together from settings: streams first, then sinks, sources last, and
 * down again in the opposite order. Started and stopped by one caller; its state may be read from
 * any thread.
 */
public final class Gateway {
  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final Duration HURRIED = Duration.ofSeconds(1);

  /** How it stands. */
  public enum Phase {
    STARTING,
    RUNNING,
    DRAINING,
    STOPPED
  }

  private final Vertx vertx;
  private final Drain drain;
  private final RunningParts parts;
  private final Parking parking;
  private final Books books;
  private final GatewayLeases leases;
  private final Replica replica;

  /** Of no verticle. */
  private final Context home;

  private final Promise<Void> hurried = Promise.promise();
  private final AtomicReference<@Nullable Future<Void>> stopping = new AtomicReference<>();
  private volatile Settings settings;
  private volatile Phase phase = Phase.STARTING;

  private volatile Future<Void> polls = Future.succeededFuture();

  /** The last change; the next one, or the end, waits for it. */
  private Future<Void> changing = Future.succeededFuture();

  /**
   * A gateway that does not run yet. To be called in no verticle.
   *
   * @param data an open data directory; stays the caller's
   * @param journals opens journals in it
   * @param drain how long a stop may take
   * @param replica this gateway among others; let go of at the end
   * @param onDiskFailure told when a journal's disk has failed for good
   */
  public Gateway(
      Vertx vertx,
      Settings settings,
      DataDirectory data,
      JournalOpening journals,
      MeterRegistry meters,
      Clock clock,
      Drain drain,
      Replica replica,
      Consumer<IOException> onDiskFailure) {
    this.vertx = vertx;
    this.home = vertx.getOrCreateContext();
    this.settings = settings;
    this.drain = drain;
    this.replica = replica;
    leases = Leases.of(vertx, replica, new CursorFiles(data.cursors()), meters, clock);
    parts =
        new RunningParts(
            vertx, data, journals, replica, meters, clock, drain.within(), leases, onDiskFailure);
    parking = new Parking(vertx, data.root(), parts);
    settings
        .streams()
        .forEach((name, stream) -> parts.put(parts.make(name, stream, settings.takersOf(name))));
    settings.sinks().values().forEach(sink -> parts.put(parts.make(sink)));
    parts.put(parts.make(settings.sources().values()));
    books = new Books(meters, clock);
    books.begin(settings.sources().keySet());
  }

  /** What this gateway is called among others. */
  public String name() {
    return replica.name();
  }

  /** Who polls which source. */
  public LeaseStore leases() {
    return leases;
  }

  /** What shall run; with a reload, what ran before until the new runs. */
  public Settings settings() {
    return settings;
  }

  public Phase phase() {
    return phase;
  }

  public Map<String, Stream> streams() {
    return parts.streams();
  }

  public Map<String, SinkPart> sinks() {
    return parts.sinks();
  }

  public Map<String, Source> sources() {
    return parts.sources();
  }

  /** What each source came to, by its name; those that a change has just brought may be missing. */
  public Map<String, Account> accounts() {
    return books.accounts();
  }

  /** When a stream last kept something of a source, as {@link System#nanoTime()}. */
  public OptionalLong lastKept(String source) {
    return parts.lastKept(source);
  }

  /**
   * Recovers the streams, opens the sinks, and lets events in.
   *
   * @return fails with what kept one of them from starting; everything is stopped again then
   */
  public Future<Void> start() {
    return all(parts.streams().values(), Stream::start)
        .compose(streaming -> all(parts.sinks().values(), SinkPart::start))
        .compose(sinking -> all(parts.sources().values(), Source::start))
        .onSuccess(
            started -> {
              phase = Phase.RUNNING;
              LOG.atInfo()
                  .addKeyValue("sources", parts.sources().size())
                  .addKeyValue("streams", parts.streams().size())
                  .addKeyValue("sinks", parts.sinks().size())
                  .log("running");
              parking.tell(settings);
            })
        .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
  }

  /**
   * Goes over to other settings, without touching what they leave as it is. One change happens
   * after the other.
   *
   * @return what was done; fails with what could not be had, and then everything is as it was
   */
  public Future<Plan> change(Settings desired) {
    return alone(() -> atHome(() -> changeNow(desired)));
  }

  /** What is deployed in a verticle's context ends with that verticle, whoever needs it. */
  private <T> Future<T> atHome(Supplier<Future<T>> work) {
    Promise<T> done = Promise.promise();
    home.runOnContext(go -> Future.succeededFuture().compose(there -> work.get()).onComplete(done));
    return done.future();
  }

  /** What is kept of parts that are in the configuration no more. */
  public Future<List<ParkedPart>> parked() {
    return parking.list(settings);
  }

  /**
   * Deletes what is kept of a stream, sink or source that is in the configuration no more; what is
   * in use is never touched.
   *
   * @param stream only the position in this one, where it is a sink
   * @return what was deleted; empty when nothing of that name is kept
   */
  public Future<List<ParkedPart>> retire(
      ParkedPart.Kind kind, String name, Optional<String> stream) {
    return alone(() -> parking.retire(settings, kind, name, stream));
  }

  private synchronized <T> Future<T> alone(Supplier<Future<T>> work) {
    Future<T> change = changing.transform(before -> work.get());
    changing = change.transform(done -> Future.succeededFuture());
    return change;
  }

  private Future<Plan> changeNow(Settings desired) {
    if (phase != Phase.RUNNING) {
      return Future.failedFuture(new IllegalStateException("the gateway does not run"));
    }
    return vertx
        .executeBlocking(() -> Plan.between(settings, desired))
        .compose(
            plan ->
                new Reload(vertx, parts, settings, desired, plan)
                    .run()
                    .onSuccess(
                        done -> {
                          settings = desired;
                          books.begin(plan.named(Part.SOURCE, Gateway::begins));
                          books.end(plan.named(Part.SOURCE, PlanStep.Stop.class::isInstance));
                        })
                    .map(done -> plan));
  }

  private static boolean begins(PlanStep step) {
    return step instanceof PlanStep.Start || step instanceof PlanStep.Replace;
  }

  /**
   * Says that it is not ready any more, goes on for the drain's delay, and {@linkplain #stop
   * stops}.
   */
  public Future<Void> drain() {
    if (drain.delay().isZero() || phase != Phase.RUNNING) {
      return stop();
    }
    phase = Phase.DRAINING;
    LOG.atInfo().addKeyValue("delay", drain.delay()).log("not ready any more");
    // Nobody waits for a poll: the next gateway can have the lease.
    polls = all(pulling(), Source::stop);
    return unlessHurried(vertx.timer(drain.delay().toMillis(), TimeUnit.MILLISECONDS), 0)
        .transform(over -> stop());
  }

  /** Cuts every wait of a stop down to a second. What is left stays in the journals. */
  public void hurry() {
    if (hurried.tryComplete()) {
      LOG.atWarn().addKeyValue("within", HURRIED).log("told to stop once more, waiting no longer");
    }
  }

  /** Completes with {@code work}, or when there was a hurry for so long; never fails. */
  private Future<Void> unlessHurried(Future<?> work, long millis) {
    Promise<Void> over = Promise.promise();
    work.onComplete(done -> over.tryComplete());
    hurried
        .future()
        .onComplete(hurry -> vertx.setTimer(Math.max(1, millis), cut -> over.tryComplete()));
    return over.future();
  }

  /**
   * Stops taking, lets what was taken reach its receipt, gives sinks time to catch up, and lets go.
   * What is left by then stays in the journals.
   *
   * @return completes when everything is closed, however often it is called; never fails
   */
  public Future<Void> stop() {
    Promise<Void> end = Promise.promise();
    Future<Void> before = stopping.compareAndExchange(null, end.future());
    if (before != null) {
      return before;
    }
    phase = Phase.DRAINING;
    LOG.atInfo().addKeyValue("within", drain.within()).log("draining");
    long second = HURRIED.toMillis();
    DrainReport report = new DrainReport(drain.within());
    unlessHurried(changed(), second)
        .eventually(() -> unlessHurried(polls, second))
        .eventually(
            () -> unlessHurried(report.end(parts.allSources(), parts::name, Source::stop), second))
        .onComplete(ended -> report.cutOff())
        .eventually(
            () ->
                unlessHurried(
                    all(parts.streams().values(), Stream::drain)
                        .timeout(drain.within().toMillis(), TimeUnit.MILLISECONDS),
                    second))
        .eventually(() -> unlessHurried(all(parts.sinks().values(), SinkPart::stop), second))
        .eventually(() -> all(parts.allStreams(), Stream::stop))
        .eventually(leases::close)
        .eventually(replica::close)
        .otherwiseEmpty()
        .onComplete(
            stopped -> {
              phase = Phase.STOPPED;
              report.log(LOG, parts.streams().values());
              end.complete();
            });
    return end.future();
  }

  private List<Source> pulling() {
    return settings.sources().values().stream()
        .filter(SourceSpec::pulls)
        .map(source -> parts.sources().get(source.name()))
        .filter(Objects::nonNull)
        .toList();
  }

  private synchronized Future<Void> changed() {
    return changing;
  }
}

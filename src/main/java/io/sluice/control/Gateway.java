package io.sluice.control;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.connector.Source;
import io.sluice.delivery.RunningSink;
import io.sluice.lease.CursorFiles;
import io.sluice.lease.FileLeaseStore;
import io.sluice.stream.JournalDeadLetters;
import io.sluice.stream.JournalOpening;
import io.sluice.stream.Stream;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Metric;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
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

  private final Settings settings;
  private final Vertx vertx;
  private final Drain drain;
  private final Map<String, Stream> streams = new LinkedHashMap<>();
  private final Map<String, RunningSink> sinks = new LinkedHashMap<>();
  private final Map<String, Source> sources = new LinkedHashMap<>();
  private final Map<String, JournalDeadLetters> deadLetters = new LinkedHashMap<>();
  private final FileLeaseStore leases;
  private final Promise<Void> hurried = Promise.promise();
  private final AtomicReference<@Nullable Future<Void>> stopping = new AtomicReference<>();
  private volatile Phase phase = Phase.STARTING;

  /**
   * A gateway that does not run yet.
   *
   * @param data an open data directory; stays the caller's
   * @param journals opens journals in it
   * @param drain how long a stop may take
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
      Consumer<IOException> onDiskFailure) {
    this.vertx = vertx;
    this.settings = settings;
    this.drain = drain;
    settings
        .streams()
        .forEach(
            (name, stream) ->
                streams.put(
                    name,
                    new Stream(
                        vertx,
                        name,
                        stream,
                        takersOf(name),
                        journals,
                        data.stream(name),
                        meters,
                        clock,
                        onDiskFailure)));
    for (SinkSpec sink : settings.sinks().values()) {
      JournalDeadLetters letters =
          new JournalDeadLetters(
              vertx,
              journals,
              data.deadLetters(sink.name()),
              sink.settings().deadLetters().maxBytes().bytes(),
              onDiskFailure);
      deadLetters.put(sink.name(), letters);
      Metric.DEAD_LETTERS_BYTES.gauge(meters, letters::bytes, Label.SINK.of(sink.name()));
      RunningSinkContext context =
          new RunningSinkContext(sink.name(), vertx, meters, clock, data.sink(sink.name()));
      sinks.put(
          sink.name(),
          new RunningSink(
              vertx,
              sink.name(),
              sink.settings(),
              sink.create(context),
              sink.factory().inFlight(),
              sink.factory().timeLimit(),
              letters,
              meters,
              clock));
    }
    leases = new FileLeaseStore(vertx, new CursorFiles(data.cursors()), clock);
    Activity activity = new Activity();
    for (SourceSpec source : settings.sources().values()) {
      sources.put(
          source.name(),
          source.create(
              new RunningSourceContext(
                  source.name(),
                  source.to(),
                  vertx,
                  meters,
                  clock,
                  drain.within(),
                  leases,
                  activity)));
    }
  }

  private List<String> takersOf(String stream) {
    return settings.sinks().values().stream()
        .filter(sink -> sink.settings().from().contains(stream))
        .map(SinkSpec::name)
        .toList();
  }

  public Settings settings() {
    return settings;
  }

  public Phase phase() {
    return phase;
  }

  public Map<String, Stream> streams() {
    return streams;
  }

  public Map<String, RunningSink> sinks() {
    return sinks;
  }

  /** By sink. */
  public Map<String, JournalDeadLetters> deadLetters() {
    return deadLetters;
  }

  /**
   * Recovers the streams, opens the sinks, and lets events in.
   *
   * @return fails with what kept one of them from starting; everything is stopped again then
   */
  public Future<Void> start() {
    return all(streams.values(), Stream::start)
        .compose(streaming -> all(deadLetters.values(), JournalDeadLetters::start))
        .compose(found -> all(sinks.values(), RunningSink::start))
        .compose(sinking -> all(sources.values(), Source::start))
        .onSuccess(
            started -> {
              phase = Phase.RUNNING;
              LOG.atInfo()
                  .addKeyValue("sources", sources.size())
                  .addKeyValue("streams", streams.size())
                  .addKeyValue("sinks", sinks.size())
                  .log("running");
            })
        .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
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
    unlessHurried(all(sources.values(), Source::stop), second)
        .eventually(
            () ->
                unlessHurried(
                    all(streams.values(), Stream::drain)
                        .timeout(drain.within().toMillis(), TimeUnit.MILLISECONDS),
                    second))
        .eventually(() -> unlessHurried(all(sinks.values(), RunningSink::stop), second))
        .eventually(() -> all(streams.values(), Stream::stop))
        .eventually(() -> all(deadLetters.values(), JournalDeadLetters::close))
        .eventually(leases::close)
        .otherwiseEmpty()
        .onComplete(
            stopped -> {
              phase = Phase.STOPPED;
              String left = left();
              LOG.atInfo().addKeyValue("left", left.isEmpty() ? "nothing" : left).log("stopped");
              end.complete();
            });
    return end.future();
  }

  /** What sinks do not have yet, by stream and sink; empty when nothing is left. */
  private String left() {
    return streams.values().stream()
        .flatMap(
            stream ->
                stream.state().feeds().stream()
                    .filter(feed -> stream.state().lag(feed.sink()) > 0)
                    .map(
                        feed ->
                            stream.name()
                                + "→"
                                + feed.sink()
                                + ": "
                                + stream.state().lag(feed.sink())))
        .collect(Collectors.joining(", "));
  }

  private static <T> Future<Void> all(Collection<T> parts, Function<T, Future<Void>> step) {
    return Future.join(parts.stream().map(step).toList()).mapEmpty();
  }
}

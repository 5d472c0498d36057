package io.sluice.control;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.config.Checked;
import io.sluice.config.Environment;
import io.sluice.config.Problem;
import io.sluice.config.Reading;
import io.sluice.stream.StreamSettings;
import io.sluice.telemetry.Label;
import io.sluice.telemetry.Metric;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a running gateway to its configuration: when the files change, or somebody asks, they are
 * read and checked as a whole, and the gateway goes over to them; or they are wrong, and nothing
 * changes but that it is told. One attempt happens after the other; those asked for while one waits
 * for its turn are one.
 *
 * <p>Methods may be called on any thread; the state belongs to one event loop.
 *
 * @param <A> the settings of the admin listener
 */
public final class Reloads<A extends Record> {
  private static final Logger LOG = LoggerFactory.getLogger(Reloads.class);

  /** How an attempt ended. */
  public enum Outcome {
    /** The gateway runs by it. */
    APPLIED,
    /** It says what the gateway does already. */
    UNCHANGED,
    /** It is wrong; nothing was touched. */
    INVALID,
    /** Something of it could not be had; everything was put back. */
    FAILED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One attempt.
   *
   * @param at when it ended
   * @param problems what is wrong with the files, warnings too
   * @param failure what could not be had
   * @param steps what was done, without what stayed as it was
   */
  public record Attempt(
      Outcome outcome,
      Instant at,
      List<Problem> problems,
      Optional<String> failure,
      List<PlanStep> steps) {}

  /**
   * How the configuration stands.
   *
   * @param generation from 1; one more with each that was applied
   * @param hash of the files that the gateway runs by
   * @param since when the gateway went over to them
   * @param masked the merged files as JSON, every secret masked
   * @param last the latest attempt to change it
   */
  public record State(
      int generation,
      String hash,
      Instant since,
      Supplier<String> masked,
      Optional<Attempt> last) {}

  private final Vertx vertx;
  private final ConfigurationModel<A> model;
  private final Environment environment;
  private final DataDirectory data;
  private final Gateway gateway;
  private final OperatorDoor<A> operators;
  private final MeterRegistry meters;
  private final Clock clock;
  private final Context home;
  private Configuration<A> running;

  /** What was looked at last, taken or not. */
  private Reading tried;

  private @Nullable Reading seen;
  private boolean looking;
  private @Nullable Future<Attempt> waiting;
  private Future<?> busy = Future.succeededFuture();
  private long timer = -1;
  private volatile State state;

  /**
   * Knows what runs, and does nothing yet.
   *
   * @param running what the gateway was made from, before it was fitted to the disk
   * @param reading the files as they were then
   */
  public Reloads(
      Vertx vertx,
      ConfigurationModel<A> model,
      Environment environment,
      DataDirectory data,
      Gateway gateway,
      OperatorDoor<A> operators,
      Configuration<A> running,
      Reading reading,
      MeterRegistry meters,
      Clock clock) {
    this.vertx = vertx;
    this.model = model;
    this.environment = environment;
    this.data = data;
    this.gateway = gateway;
    this.operators = operators;
    this.running = running;
    this.tried = reading;
    this.meters = meters;
    this.clock = clock;
    this.home = vertx.getOrCreateContext();
    this.state = new State(1, reading.hash(), clock.instant(), running.masked(), Optional.empty());
    Metric.CONFIG_GENERATION.gauge(meters, () -> state.generation());
    Metric.CONFIG_SINCE.timeGauge(
        meters, () -> TimeUnit.SECONDS.toNanos(state.since().getEpochSecond()));
    Metric.CONFIG_VALID.gauge(meters, () -> valid() ? 1 : 0);
    for (Outcome outcome : Outcome.values()) {
      Metric.CONFIG_RELOADS.counter(meters, Label.OUTCOME.of(outcome.word()));
    }
  }

  public State state() {
    return state;
  }

  private boolean valid() {
    return state
        .last()
        .map(last -> last.outcome() == Outcome.APPLIED || last.outcome() == Outcome.UNCHANGED)
        .orElse(true);
  }

  /**
   * Looks at the files again and again, and takes them once they have stayed the same for a while.
   */
  public void watch(Duration every) {
    home.runOnContext(go -> timer = vertx.setPeriodic(every.toMillis(), tick -> look()));
  }

  /** Looks no more; what is under way goes on. */
  public void end() {
    home.runOnContext(go -> vertx.cancelTimer(timer));
  }

  private void look() {
    if (looking || !busy.isComplete()) {
      return;
    }
    looking = true;
    Reading.of(vertx, tried.paths())
        .onComplete(
            read -> {
              looking = false;
              Reading now = read.result();
              if (now.equals(seen) && !now.equals(tried)) {
                reload();
              }
              seen = now;
            });
  }

  /**
   * Reads the files and goes over to them.
   *
   * @return what came of it; never fails
   */
  public Future<Attempt> reload() {
    Promise<Attempt> done = Promise.promise();
    home.runOnContext(go -> ask().onComplete(done));
    return done.future();
  }

  private Future<Attempt> ask() {
    Future<Attempt> asked = waiting;
    if (asked == null) {
      asked =
          busy.transform(
              before -> {
                waiting = null;
                return attempt();
              });
      waiting = busy.isComplete() ? null : asked;
      busy = asked;
    }
    return asked;
  }

  private Future<Attempt> attempt() {
    return Reading.of(vertx, tried.paths())
        .compose(
            reading -> {
              tried = reading;
              return vertx
                  .executeBlocking(() -> model.check(reading, environment))
                  .compose(
                      checked ->
                          checked.fold(
                              good ->
                                  empties(good.value())
                                      .map(this::invalid)
                                      .orElseGet(() -> fit(reading, good)),
                              bad -> invalid(bad.problems())));
            })
        .otherwise(bug -> failed(bug, List.of()))
        .onSuccess(this::tell);
  }

  /** Nothing at all is more often the trace of an accident than a wish. */
  private Optional<List<Problem>> empties(Configuration<A> wanted) {
    return wanted.settings().empty() && !gateway.settings().empty()
        ? Optional.of(
            List.of(
                wanted
                    .blame()
                    .at(
                        "",
                        "names no source, stream or sink, and a gateway that runs is not emptied",
                        "stop the gateway, if that is what it is to do")))
        : Optional.empty();
  }

  private Future<Attempt> fit(Reading reading, Checked.Good<Configuration<A>> good) {
    return vertx
        .executeBlocking(() -> Capacity.fit(good.value(), data))
        .compose(
            fitted ->
                fitted.fold(
                    settings ->
                        apply(reading, good.value(), settled(good.value(), settings.value()), good),
                    bad -> invalid(bad.problems())));
  }

  /** With streams that are to be as they are, whatever the disk would allow by now. */
  private Settings settled(Configuration<A> wanted, Settings fitted) {
    Map<String, StreamSettings> streams = new LinkedHashMap<>(fitted.streams());
    wanted
        .settings()
        .streams()
        .forEach(
            (name, stream) -> {
              StreamSettings runs = gateway.settings().streams().get(name);
              if (runs != null && stream.equals(running.settings().streams().get(name))) {
                streams.put(name, runs);
              }
            });
    return new Settings(fitted.sources(), streams, fitted.sinks());
  }

  private Future<Attempt> apply(
      Reading reading,
      Configuration<A> wanted,
      Settings settings,
      Checked.Good<Configuration<A>> good) {
    if (!wanted.replicas().equals(running.replicas())) {
      LOG.atWarn().log("settings of replicas are taken with the next start");
    }
    return operators
        .prepare(wanted.admin())
        .compose(
            door ->
                gateway
                    .change(settings)
                    .onFailure(failure -> door.letGo())
                    .map(
                        plan -> {
                          door.take();
                          return applied(reading, wanted, steps(door, plan), good.warnings());
                        }))
        .recover(failure -> Future.succeededFuture(failed(failure, good.warnings())));
  }

  private static List<PlanStep> steps(OperatorDoor.Change door, Plan plan) {
    return Stream.concat(
            door.step().stream(),
            plan.steps().stream().filter(step -> !(step instanceof PlanStep.Keep)))
        .toList();
  }

  private Attempt applied(
      Reading reading, Configuration<A> wanted, List<PlanStep> steps, List<Problem> warnings) {
    boolean changed = !steps.isEmpty();
    running = wanted;
    state =
        new State(
            state.generation() + (changed ? 1 : 0),
            reading.hash(),
            changed ? clock.instant() : state.since(),
            wanted.masked(),
            state.last());
    return new Attempt(
        changed ? Outcome.APPLIED : Outcome.UNCHANGED,
        clock.instant(),
        warnings,
        Optional.empty(),
        steps);
  }

  private Future<Attempt> invalid(List<Problem> problems) {
    return Future.succeededFuture(
        new Attempt(Outcome.INVALID, clock.instant(), problems, Optional.empty(), List.of()));
  }

  private Attempt failed(Throwable failure, List<Problem> warnings) {
    return new Attempt(
        Outcome.FAILED,
        clock.instant(),
        warnings,
        Optional.of(String.valueOf(failure.getMessage())),
        List.of());
  }

  private void tell(Attempt attempt) {
    state =
        new State(
            state.generation(), state.hash(), state.since(), state.masked(), Optional.of(attempt));
    Metric.CONFIG_RELOADS.counter(meters, Label.OUTCOME.of(attempt.outcome().word())).increment();
    attempt.problems().forEach(Reloads::tell);
    switch (attempt.outcome()) {
      case APPLIED ->
          LOG.atInfo()
              .addKeyValue("generation", state.generation())
              .addKeyValue("steps", attempt.steps().size())
              .log("configuration applied");
      case UNCHANGED -> LOG.atInfo().log("configuration unchanged");
      case INVALID ->
          LOG.atError()
              .addKeyValue("generation", state.generation())
              .log("configuration is wrong, the one before stays");
      case FAILED ->
          LOG.atError()
              .addKeyValue("generation", state.generation())
              .addKeyValue("why", attempt.failure().orElse(""))
              .log("configuration could not be applied, the one before stays");
    }
  }

  private static void tell(Problem problem) {
    (problem.error() ? LOG.atError() : LOG.atWarn())
        .addKeyValue("problem", problem)
        .log("configuration problem");
  }
}

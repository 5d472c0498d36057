package io.sluice.source.poll;

import io.sluice.connector.Lease;
import io.sluice.connector.LeaseLostException;
import io.sluice.connector.Poll;
import io.sluice.connector.PollSettings;
import io.sluice.connector.Room;
import io.sluice.connector.Standing;
import io.sluice.connector.Turn;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Polls one source: decides at each tick whether to ask, and after each poll when to ask next.
 * Confined to the event loop of its source, {@link #standing} excepted.
 */
final class Poller {
  /** How long a tick stands in line for credit before it counts as skipped. */
  private static final Duration FOR_CREDIT = Duration.ofMillis(250);

  private final String name;
  private final PollSettings settings;
  private final Surroundings around;
  private final Timers timers;
  private final PollTelemetry telemetry;
  private final Ticker ticker;
  private final Recovery recovery;
  private final Turns turns;
  private final Tenure tenure;
  private final Troubles troubles;
  private final Aftermath aftermath;
  private final Gate gate;
  private @Nullable Progress progress;
  private @Nullable Poll poll;
  private @Nullable Run run;
  private @Nullable Long again;
  private boolean beginning;
  private boolean paused;
  private boolean told;
  private boolean stopping;
  private boolean yielding;
  private volatile Standing standing = new Standing("starting", Optional.empty(), Optional.empty());

  Poller(String name, PollSettings settings, Surroundings around, PollTelemetry telemetry) {
    this.name = name;
    this.settings = settings;
    this.around = around;
    this.timers = around.timers();
    this.telemetry = telemetry;
    this.ticker =
        new Ticker(
            Timetables.of(settings.every(), around.intervals().of(name, settings.every()), timers),
            settings.jitter(),
            timers,
            around.random(),
            this::tick);
    this.recovery = new Recovery(settings.retry(), around.random());
    this.turns =
        new Turns(
            around.hosts(),
            around.home(),
            settings.requestsPerHour().map(Allowance::new),
            timers,
            telemetry);
    this.tenure =
        new Tenure(
            name,
            settings.onCursorLoss(),
            around.leases(),
            timers,
            this::leased,
            this::unleased,
            this::wanted,
            this::publish);
    this.troubles = new Troubles(name);
    this.gate =
        new Gate(
            timers,
            turns,
            settings
                .standby()
                .map(standby -> new Silence(name, standby, around.lastKept(), timers.nanos())));
    this.aftermath = new Aftermath(ticker, gate, recovery, troubles, telemetry, this::againAfter);
  }

  void start() {
    publish();
    tenure.seek();
  }

  private void leased(Lease lease) {
    yielding = false;
    progress = new Progress(name, lease, timers, telemetry, tenure::lost);
    ticker.start();
    publish();
  }

  /** Somebody else shall have the lease: once nothing is under way. */
  private void wanted() {
    yielding = true;
    if (!busy()) {
      yieldNow();
    }
  }

  private void yieldNow() {
    Progress mine = progress;
    if (mine == null || stopping) {
      return;
    }
    ticker.stop();
    forgetAgain();
    mine.flush()
        .onComplete(
            saved -> {
              if (progress == mine && !stopping) {
                mine.close();
                progress = null;
                tenure.handOver();
                publish();
              }
            });
  }

  private void unleased() {
    ticker.stop();
    Progress mine = progress;
    progress = null;
    if (mine != null) {
      mine.close();
    }
    if (run != null) {
      run.fail(new LeaseLostException("the lease was lost"));
    }
    publish();
  }

  private void tick() {
    Optional<String> hindrance = hindrance();
    if (hindrance.isEmpty()) {
      begin();
      return;
    }
    telemetry.skipped(hindrance.get());
    if (!busy() && !paused && !yielding && !gate.standingBy()) {
      // The tick is owed, when whatever is in the way is over.
      againAfter(gate.held());
    }
    publish();
  }

  /** What is in the way of a poll, one of a fixed set. */
  private Optional<String> hindrance() {
    if (paused || stopping) {
      return Optional.of("paused");
    }
    if (busy()) {
      return Optional.of("running");
    }
    if (yielding) {
      return Optional.of("handing-over");
    }
    return gate.hindrance();
  }

  private boolean busy() {
    return run != null || beginning;
  }

  /** Tries again then, unless a tick comes before. */
  private void againAfter(Duration wait) {
    forgetAgain();
    again =
        timers.after(
            wait,
            () -> {
              again = null;
              if (progress != null && hindrance().isEmpty()) {
                begin();
              }
            });
  }

  private void forgetAgain() {
    if (again != null) {
      timers.cancel(again);
      again = null;
    }
  }

  /** First room, then the request. */
  private void begin() {
    forgetAgain();
    beginning = true;
    around
        .inlet()
        .reserve(name, Run.BATCH, FOR_CREDIT)
        .onComplete(
            came -> {
              beginning = false;
              roomCame(came);
              yieldIfAsked();
            });
  }

  private void roomCame(AsyncResult<Room> came) {
    Progress mine = progress;
    if (came.failed()) {
      telemetry.skipped("no-credit");
      aftermath.noCredit();
    } else if (mine == null || !mine.valid() || stopping || yielding || (paused && !told)) {
      came.result().release();
    } else {
      run(came.result(), mine);
    }
  }

  private void run(Room room, Progress mine) {
    Poll asked = poll;
    if (asked == null) {
      asked = around.polls().apply(this::turn);
      poll = asked;
    }
    long began = timers.nanos();
    Run now = new Run(settings, asked, around.inlet(), room, mine, timers, telemetry);
    run = now;
    now.begin().onSuccess(result -> ended(result, Duration.ofNanos(timers.nanos() - began)));
  }

  private Future<Turn> turn(String host) {
    Run mine = run;
    return mine == null
        ? Future.failedFuture(new StoppedException())
        : turns.turn(host, mine).compose(given -> mine.use(given));
  }

  private void ended(Run.Result result, Duration took) {
    run = null;
    turns.end();
    if (result.closed()) {
      poll = null;
    }
    telemetry.polled(aftermath.of(result, took), took);
    yieldIfAsked();
    publish();
  }

  private void yieldIfAsked() {
    if (yielding && !busy()) {
      yieldNow();
    }
  }

  /** Asks nothing from now on. Completes when nothing is under way any more. */
  Future<Void> pause() {
    paused = true;
    told = false;
    forgetAgain();
    publish();
    return endRun();
  }

  private Future<Void> endRun() {
    Run mine = run;
    if (mine == null) {
      return Future.succeededFuture();
    }
    Future<Run.Result> ended = mine.ended();
    mine.fail(new StoppedException());
    return ended.mapEmpty();
  }

  void resume() {
    paused = false;
    recovery.forget();
    gate.open();
    tenure.seek();
    publish();
  }

  /** Asks once, whatever the timetable says. Empty, or why not. */
  Optional<String> ask() {
    if (stopping) {
      return Optional.of("it is being stopped");
    }
    if (busy()) {
      return Optional.of("a poll is under way");
    }
    if (progress == null || yielding) {
      return Optional.of(
          tenure.trouble().orElse("another gateway polls this source, or is about to"));
    }
    told = true;
    begin();
    return Optional.empty();
  }

  /** Ends the poll under way, waits for its receipts, and writes the cursor; within the time. */
  Future<Void> stop(Duration within) {
    stopping = true;
    around.intervals().keep(name, settings.every(), ticker.interval());
    ticker.stop();
    forgetAgain();
    publish();
    Progress mine = progress;
    return Patience.of(timers, within, endRun())
        .compose(
            ended ->
                mine == null ? Future.succeededFuture() : Patience.of(timers, within, mine.flush()))
        .compose(
            saved -> {
              if (mine != null) {
                mine.close();
              }
              return tenure.close();
            })
        .compose(released -> poll == null ? Future.succeededFuture() : poll.close())
        .eventually(() -> around.inlet().close())
        .otherwiseEmpty()
        .onComplete(over -> telemetry.close());
  }

  /** How it stands. Any thread. */
  Standing standing() {
    return standing;
  }

  private void publish() {
    Optional<String> trouble =
        tenure
            .trouble()
            .or(troubles::latest)
            .or(() -> Optional.ofNullable(progress).flatMap(Progress::trouble));
    Standing now = new Standing(state(), trouble, ticker.interval());
    telemetry.standing(now);
    standing = now;
  }

  private String state() {
    if (stopping) {
      return "stopping";
    }
    if (tenure.halted()) {
      return "halted";
    }
    if (paused) {
      return "paused";
    }
    if (progress == null) {
      return tenure.trouble().isPresent() ? "degraded" : "waiting";
    }
    if (troubles.latest().isPresent()) {
      return "degraded";
    }
    return gate.standingBy() ? "standby" : "running";
  }
}

package io.sluice.source.poll;

import io.sluice.connector.Turn;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The turns that one source takes at hosts, within its own budget. Confined to the event loop of
 * the source.
 */
final class Turns {
  /** Longer than this nobody is left alone, whatever it asks for. */
  static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private final Hosts hosts;
  private final Executor home;
  private final Optional<Allowance> allowance;
  private final Timers timers;
  private final PollTelemetry telemetry;
  private final List<Held> open = new ArrayList<>();

  /**
   * None taken yet.
   *
   * @param home the event loop of the source
   */
  Turns(
      Hosts hosts,
      Executor home,
      Optional<Allowance> allowance,
      Timers timers,
      PollTelemetry telemetry) {
    this.hosts = hosts;
    this.home = home;
    this.allowance = allowance;
    this.timers = timers;
    this.telemetry = telemetry;
  }

  /** How long until the budget allows the next request; zero when it does now. */
  Duration untilAllowed() {
    return allowance.map(each -> each.untilAllowed(timers.nanos())).orElse(Duration.ZERO);
  }

  /** Takes one for a poll; what keeps it from that ends the poll. */
  Future<Turn> turn(String host, Run run) {
    Duration wait = untilAllowed();
    if (!wait.isZero()) {
      DeferredException later =
          new DeferredException(
              "hourly-budget", "no more requests for " + wait.toSeconds() + " s", wait);
      run.fail(later);
      return Future.failedFuture(later);
    }
    allowance.ifPresent(each -> each.made(timers.nanos()));
    run.suspend();
    return hosts
        .turn(host, home)
        .onComplete(came -> run.goOn())
        .onFailure(run::fail)
        .compose(turn -> held(turn, run));
  }

  private Future<Turn> held(Turn turn, Run run) {
    Held mine = new Held(turn);
    if (run.ended().isComplete()) {
      mine.over(0, Duration.ZERO);
      return Future.failedFuture(new StoppedException());
    }
    open.add(mine);
    return Future.succeededFuture(mine);
  }

  /** The poll is over: whatever it left open ends now. */
  void end() {
    List.copyOf(open).forEach(turn -> turn.over(0, Duration.ZERO));
  }

  static Duration capped(Duration pause) {
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  /** Ends once. */
  private final class Held implements Turn {
    private final Turn turn;
    private boolean over;

    Held(Turn turn) {
      this.turn = turn;
    }

    @Override
    public void over(long bytes, Duration pause) {
      if (over) {
        return;
      }
      over = true;
      open.remove(this);
      telemetry.asked(bytes);
      turn.over(bytes, capped(pause));
    }
  }
}

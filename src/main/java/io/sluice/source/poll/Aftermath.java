package io.sluice.source.poll;

import io.sluice.connector.LeaseLostException;
import io.sluice.connector.NoRoomException;
import io.sluice.connector.PollException;
import io.sluice.connector.Polled;
import io.sluice.event.Refusal;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What a poll leads to: when to ask again, what to learn, what to say. Confined to the event loop
 * of its source.
 */
final class Aftermath {
  /** Whoever found no credit tries again by then, however far the next tick is. */
  private static final Duration CREDIT_AGAIN = Duration.ofSeconds(10);

  /** So many polls in a row may say that there is more without getting anywhere. */
  private static final int STUCK = 3;

  private final Ticker ticker;
  private final Gate gate;
  private final Recovery recovery;
  private final Troubles troubles;
  private final PollTelemetry telemetry;
  private final Consumer<Duration> again;
  private int stuck;

  /**
   * Nothing happened yet.
   *
   * @param again polls once more after so long, unless a tick comes before
   */
  Aftermath(
      Ticker ticker,
      Gate gate,
      Recovery recovery,
      Troubles troubles,
      PollTelemetry telemetry,
      Consumer<Duration> again) {
    this.ticker = ticker;
    this.gate = gate;
    this.recovery = recovery;
    this.troubles = troubles;
    this.telemetry = telemetry;
    this.again = again;
  }

  /**
   * A poll is over.
   *
   * @return how it ended, one word of a fixed set: a metric's label
   */
  String of(Run.Result result, Duration took) {
    Polled polled = result.polled();
    if (polled == null) {
      return failed(result, took);
    }
    succeeded(polled, result, took);
    if (polled.more()) {
      telemetry.more();
    }
    if (result.events() == 0) {
      return "empty";
    }
    return result.fresh() > 0 ? "new" : "known";
  }

  /** There was no credit: not a failure, and a far tick is not waited for. */
  void noCredit() {
    if (ticker.next().compareTo(CREDIT_AGAIN) > 0) {
      again.accept(CREDIT_AGAIN);
    }
  }

  private void succeeded(Polled polled, Run.Result result, Duration took) {
    boolean putOff = !polled.pause().isZero();
    if (putOff) {
      gate.hold(Turns.capped(polled.pause()), "asked-to-wait");
    }
    ticker.learn(new Timetable.Lesson(result.fresh() > 0, putOff, took));
    if (polled.more() && !result.moved()) {
      stuck++;
    } else {
      stuck = 0;
    }
    if (stuck >= STUCK) {
      stuck = 0;
      broken(
          PollException.lasting(
              "cursor-stuck",
              "the upstream says that there is more and brings the same again and again"));
      return;
    }
    recovery.succeeded();
    troubles.well();
    if (polled.more()) {
      again.accept(gate.held());
    }
  }

  private String failed(Run.Result result, Duration took) {
    Throwable failure = result.failure();
    if (failure instanceof StoppedException) {
      return "stopped";
    }
    if (failure instanceof LeaseLostException) {
      return "lease-lost";
    }
    if (failure instanceof DeferredException later) {
      gate.hold(Turns.capped(later.pause()), later.reason());
      again.accept(later.pause());
      return "deferred";
    }
    if (failure instanceof NoRoomException none) {
      if (none.refused().why() == Refusal.NO_CREDIT) {
        noCredit();
        return "no-credit";
      }
      String reason = none.refused().why().word();
      telemetry.refused(reason);
      broken(
          PollException.passing(reason, none.refused().detail())
              .pausing(none.refused().retryAfter()));
      return "refused";
    }
    if (failure instanceof PollException upstream) {
      if (!upstream.pause().isZero()) {
        ticker.learn(new Timetable.Lesson(false, true, took));
      }
      broken(upstream);
      return "failed";
    }
    troubles.bug(failure == null ? new IllegalStateException("no result") : failure);
    recover(false, "internal", Duration.ZERO);
    return "failed";
  }

  private void broken(PollException failure) {
    troubles.failed(failure.reason(), String.valueOf(failure.getMessage()));
    recover(failure.isLasting(), failure.reason(), Turns.capped(failure.pause()));
  }

  private void recover(boolean lasting, String reason, Duration pause) {
    telemetry.failed(reason);
    Recovery.Answer answer = recovery.failed(lasting);
    if (answer.holds()) {
      gate.hold(answer.after(), "circuit-open");
    }
    if (!pause.isZero()) {
      gate.hold(pause, "asked-to-wait");
    }
    if (answer.retries()) {
      Duration rest = gate.held();
      again.accept(rest.compareTo(answer.after()) > 0 ? rest : answer.after());
    }
  }
}

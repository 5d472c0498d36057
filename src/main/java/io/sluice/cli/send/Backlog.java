package io.sluice.cli.send;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The lines that a sender with one connection has no receipt for, in order: first those that were
 * sent on this connection, then the others.
 *
 * <p>Confined to its sender's event loop.
 */
final class Backlog {
  private final Duration retryFor;
  private final Random jitter = new Random();
  private final Set<Cargo> cargos = new LinkedHashSet<>();
  private final ArrayDeque<Cargo.Line> lines = new ArrayDeque<>();
  private final ArrayDeque<Cargo.Line> unsent = new ArrayDeque<>();
  private int attempts;
  private long progress = System.nanoTime();

  /**
   * @param retryFor how long without a receipt lines are sent again
   */
  Backlog(Duration retryFor) {
    this.retryFor = retryFor;
  }

  Future<Result> add(Chunk chunk) {
    Cargo cargo = new Cargo(chunk);
    if (lines.isEmpty()) {
      progress = System.nanoTime();
    }
    cargos.add(cargo);
    lines.addAll(cargo.lines());
    unsent.addAll(cargo.lines());
    return cargo.result().onComplete(done -> cargos.remove(cargo));
  }

  /** All lines without a receipt. */
  ArrayDeque<Cargo.Line> lines() {
    return lines;
  }

  /** Those of them that are not sent on this connection. */
  ArrayDeque<Cargo.Line> unsent() {
    return unsent;
  }

  /** A new connection: nothing is sent on it yet. */
  void sendAllAgain() {
    unsent.clear();
    unsent.addAll(lines);
  }

  /** The oldest line has its receipt. */
  Cargo.Line settle() {
    Cargo.Line line = lines.remove();
    progress = System.nanoTime();
    attempts = 0;
    line.settled();
    return line;
  }

  /** Everything is sent, and nobody will ever say what became of it. */
  void allSent() {
    lines.clear();
    each(Cargo::sent);
  }

  /**
   * The connection is lost.
   *
   * @return milliseconds until the next is to be tried; empty when the time for that is over, and
   *     everything has ended
   */
  OptionalLong retry(String why) {
    long delay = Sender.delayMillis(jitter, attempts++, Duration.ZERO);
    Duration spent = Duration.ofNanos(System.nanoTime() - progress).plusMillis(delay);
    if (spent.compareTo(retryFor) > 0) {
      end(why);
      return OptionalLong.empty();
    }
    each(Cargo::retried);
    return OptionalLong.of(delay);
  }

  /** Nothing more will come of anything. */
  void end(String why) {
    lines.clear();
    unsent.clear();
    each(cargo -> cargo.end(why));
  }

  /** A cargo that is done leaves the set. */
  private void each(Consumer<Cargo> step) {
    List.copyOf(cargos).forEach(step);
  }
}

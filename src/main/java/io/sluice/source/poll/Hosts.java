package io.sluice.source.poll;

import io.sluice.connector.Turn;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Everybody's manners: one request at a time to each host, and none before the host wants to be
 * asked again, over all sources of the gateway. Its state belongs to an event loop of its own;
 * usable from any.
 */
public final class Hosts {
  /** Longer than this nobody stands in line for a host that wants to be left alone. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Map<String, Host> hosts = new HashMap<>();
  private final Executor owner;
  private final Timers timers;

  Hosts(Executor owner, Timers timers) {
    this.owner = owner;
    this.timers = timers;
  }

  /** Those of a gateway. */
  public static Hosts of(Vertx vertx) {
    Loop loop = new Loop();
    Future<String> deployed = vertx.deployVerticle(loop);
    return new Hosts(
        what -> deployed.onSuccess(there -> loop.run(what)), Timers.of(vertx, Clock.systemUTC()));
  }

  /** An event loop. */
  private static final class Loop extends VerticleBase {
    void run(Runnable what) {
      Context loop = context;
      loop.runOnContext(now -> what.run());
    }
  }

  /**
   * Stands in line.
   *
   * @param host whom to ask
   * @param home where the future completes
   * @return the turn; fails with {@link DeferredException} when the host wants to be left alone for
   *     longer than is worth standing in line
   */
  Future<Turn> turn(String host, Executor home) {
    Promise<Turn> turn = Promise.promise();
    owner.execute(() -> hosts.computeIfAbsent(host, Host::new).join(new Waiter(turn, home)));
    return turn.future();
  }

  /** Who stands in line. */
  private record Waiter(Promise<Turn> turn, Executor home) {}

  /** One host and the line before it. */
  private final class Host {
    private final String name;
    private final Deque<Waiter> line = new ArrayDeque<>();
    private long notBefore = timers.nanos();
    private boolean busy;
    private @Nullable Long timer;

    Host(String name) {
      this.name = name;
    }

    void join(Waiter waiter) {
      line.addLast(waiter);
      advance();
    }

    private void advance() {
      if (busy || line.isEmpty() || timer != null) {
        return;
      }
      Duration rest = Duration.ofNanos(notBefore - timers.nanos());
      if (rest.compareTo(PATIENCE) > 0) {
        sendAway(rest);
      } else if (rest.isZero() || rest.isNegative()) {
        admit(line.removeFirst());
      } else {
        timer =
            timers.after(
                rest,
                () -> {
                  timer = null;
                  advance();
                });
      }
    }

    private void sendAway(Duration rest) {
      while (!line.isEmpty()) {
        Waiter waiter = line.removeFirst();
        DeferredException later =
            new DeferredException(
                "asked-to-wait",
                name + " wants to be left alone for " + rest.toSeconds() + " s",
                rest);
        waiter.home().execute(() -> waiter.turn().fail(later));
      }
    }

    private void admit(Waiter waiter) {
      busy = true;
      Turn turn = (bytes, pause) -> owner.execute(() -> over(pause));
      waiter.home().execute(() -> waiter.turn().complete(turn));
    }

    private void over(Duration pause) {
      busy = false;
      notBefore = Math.max(notBefore, timers.nanos() + pause.toNanos());
      advance();
      if (!busy && line.isEmpty() && timers.nanos() >= notBefore) {
        hosts.remove(name);
      }
    }
  }
}

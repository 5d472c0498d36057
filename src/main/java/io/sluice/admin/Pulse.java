package io.sluice.admin;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * Knows whether every event loop still turns: each writes down the time once a second, and whoever
 * asks looks how long ago that was. Written by all loops, read by any thread.
 */
final class Pulse {
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final AtomicLongArray seen;
  private final Duration patience;
  private final LongSupplier nanos;
  private final Duration every;

  /**
   * A pulse that has not begun; until it has, all loops count as turning.
   *
   * @param loops how many there are
   * @param patience how long a loop may stand still
   * @param nanos a clock that only goes forward
   */
  Pulse(int loops, Duration patience, LongSupplier nanos) {
    this(loops, patience, EVERY, nanos);
  }

  Pulse(int loops, Duration patience, Duration every, LongSupplier nanos) {
    this.seen = new AtomicLongArray(loops);
    this.patience = patience;
    this.every = every;
    this.nanos = nanos;
    for (int loop = 0; loop < loops; loop++) {
      seen.set(loop, nanos.getAsLong());
    }
  }

  /**
   * Begins, and ends when the result is undeployed. Verticles of one deployment get a loop each.
   */
  Future<String> start(Vertx vertx) {
    AtomicInteger next = new AtomicInteger();
    return vertx.deployVerticle(
        () -> new Beat(next.getAndIncrement()),
        new DeploymentOptions().setInstances(seen.length()));
  }

  Health health() {
    long now = nanos.getAsLong();
    Health all = Health.WELL;
    for (int loop = 0; loop < seen.length(); loop++) {
      Duration still = Duration.ofNanos(now - seen.get(loop));
      if (still.compareTo(patience) > 0) {
        all =
            all.and(
                Health.trouble(
                    "event loop " + loop, "has stood still for " + still.toSeconds() + " s"));
      }
    }
    return all;
  }

  /** Writes down the time on its own loop. */
  private final class Beat extends VerticleBase {
    private final int loop;

    Beat(int loop) {
      this.loop = loop;
    }

    @Override
    public Future<?> start() {
      beat();
      vertx.setPeriodic(every.toMillis(), timer -> beat());
      return Future.succeededFuture();
    }

    private void beat() {
      seen.set(loop, nanos.getAsLong());
    }
  }
}

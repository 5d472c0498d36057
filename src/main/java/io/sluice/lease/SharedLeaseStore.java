package io.sluice.lease;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.connector.Cursor;
import io.sluice.connector.Lease;
import io.sluice.connector.LeaseLostException;
import io.sluice.lease.Keeper.Held;
import io.sluice.replica.LeaseTimes;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Leases that several gateways share. Its {@link Keeper} lives on an event loop of its own, from
 * the first lease that is asked for on.
 */
final class SharedLeaseStore implements GatewayLeases {
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private final Vertx vertx;
  private final Keeper keeper;
  private final Register register;
  private final LeaseTimes times;
  private final Context home;
  private boolean begun;
  private boolean ended;
  private @Nullable Long timer;

  /**
   * Nothing is said yet.
   *
   * @param identity of this replica, and of no other that ever was
   */
  SharedLeaseStore(
      Vertx vertx, Register register, String identity, LeaseTimes times, MeterRegistry meters) {
    this.vertx = vertx;
    this.register = register;
    this.times = times;
    this.keeper =
        new Keeper(register, identity, times, System::nanoTime, new LeaseTelemetry(meters));
    this.home = vertx.getOrCreateContext();
  }

  private <T> Future<T> there(Supplier<Future<T>> what) {
    Context here = vertx.getOrCreateContext();
    Promise<T> answer = Promise.promise();
    home.runOnContext(
        go -> what.get().onComplete(done -> here.runOnContext(back -> answer.handle(done))));
    return answer.future();
  }

  private void begin() {
    if (!begun) {
      begun = true;
      beat();
    }
  }

  private void beat() {
    long now = System.nanoTime();
    keeper
        .beat()
        .onComplete(
            done -> {
              watch();
              if (!ended) {
                long rest = times.renewEvery().toNanos() - (System.nanoTime() - now);
                vertx.setTimer(millis(rest), next -> beat());
              }
            });
  }

  /** Looks when the time has run out, however long the register is silent. */
  private void watch() {
    if (timer != null) {
      vertx.cancelTimer(timer);
      timer = null;
    }
    if (!ended && keeper.valid()) {
      timer =
          vertx.setTimer(
              millis(keeper.until() - System.nanoTime()),
              late -> {
                timer = null;
                keeper.look();
                watch();
              });
    }
  }

  private static long millis(long nanos) {
    return Math.max(SHORTEST.toMillis(), TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
  }

  @Override
  public Future<Optional<Lease>> acquire(String source) {
    Context here = vertx.getOrCreateContext();
    return there(
            () -> {
              begin();
              return keeper.acquire(source);
            })
        .map(held -> held.map(mine -> new SharedLease(mine, here)));
  }

  @Override
  public Duration again() {
    return times.renewEvery().dividedBy(4);
  }

  @Override
  public Optional<Owner> owner(String source) {
    return keeper.owner(source);
  }

  @Override
  public Future<Void> reset(String source) {
    return register.reset(source);
  }

  /** Says goodbye to the others. Never fails. */
  @Override
  public Future<Void> close() {
    return there(
        () -> {
          ended = true;
          watch();
          // After the duration, others have them all the same.
          return begun
              ? keeper
                  .leave()
                  .timeout(times.duration().toMillis(), TimeUnit.MILLISECONDS)
                  .otherwiseEmpty()
              : Future.succeededFuture();
        });
  }

  /** Confined to the event loop that acquired it. */
  private final class SharedLease implements Lease {
    private final Held held;
    private final Context mine;
    private Cursor cursor;
    private Cursor tried;
    private long number = 1;

    SharedLease(Held held, Context mine) {
      this.held = held;
      this.mine = mine;
      this.cursor = held.cursor();
      this.tried = held.cursor();
    }

    @Override
    public long term() {
      return held.term();
    }

    @Override
    public Cursor cursor() {
      return cursor;
    }

    @Override
    public boolean valid() {
      return keeper.valid() && !held.lost().isComplete();
    }

    @Override
    public Future<Void> commit(Cursor next) {
      if (!next.equals(tried)) {
        number++;
        tried = next;
      }
      return keeper
          .commit(held, number, next)
          .onSuccess(done -> cursor = next)
          .onFailure(
              failure -> {
                if (failure instanceof LeaseLostException) {
                  home.runOnContext(go -> keeper.refused(held));
                }
              });
    }

    @Override
    public Future<Void> lost() {
      return heard(Held::lost);
    }

    @Override
    public Future<Void> wanted() {
      return heard(Held::wanted);
    }

    private Future<Void> heard(Function<Held, Future<Void>> what) {
      Promise<Void> here = Promise.promise();
      what.apply(held).onSuccess(done -> mine.runOnContext(go -> here.complete()));
      return here.future();
    }

    @Override
    public Future<Void> release() {
      return there(() -> keeper.release(held));
    }
  }
}

package io.sluice.lease;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.connector.Cursor;
import io.sluice.connector.LeaseLostException;
import io.sluice.lease.Keeper.Held;
import io.sluice.replica.LeaseTimes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/**
 * A replica that polls whatever it gets, with a network between it and the register that delays,
 * loses and cuts, and a process that can stand still: what should happen meanwhile happens when it
 * goes on.
 */
final class FakeReplica implements Register {
  static final LeaseTimes TIMES =
      new LeaseTimes(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));

  private final FakeWorld world;
  private final FakeRegister register;
  private final Random random;
  private final Keeper keeper;
  private final List<String> sources;
  private final Ledger ledger;
  private final Map<String, Tenancy> tenancies = new HashMap<>();
  private final List<Runnable> postponed = new ArrayList<>();
  private final long skew;
  final String identity;
  boolean cut;
  boolean dead;
  private boolean standing;

  /** Told of what became of commits. */
  interface Ledger {
    void committed(String source, long term, long from, long to);

    void polled(String source, String identity, boolean valid);
  }

  private static final class Tenancy {
    final Held held;
    long at;

    Tenancy(Held held) {
      this.held = held;
      this.at = Long.parseLong(held.cursor().part("at").orElse("0"));
    }
  }

  FakeReplica(
      FakeWorld world,
      FakeRegister register,
      Random random,
      String identity,
      List<String> sources,
      Ledger ledger) {
    this.world = world;
    this.register = register;
    this.random = random;
    this.identity = identity;
    this.sources = sources;
    this.ledger = ledger;
    // Clocks of hosts have nothing in common.
    this.skew = random.nextLong() >> 2;
    this.keeper =
        new Keeper(
            this,
            identity,
            TIMES,
            () -> world.now() + skew,
            new LeaseTelemetry(new SimpleMeterRegistry()));
  }

  FakeReplica begin() {
    beat();
    seek();
    poll();
    return this;
  }

  /** In this process: later when it stands still, never when it is dead. */
  private void here(Runnable what) {
    if (dead) {
      return;
    }
    if (standing) {
      postponed.add(what);
    } else {
      what.run();
    }
  }

  private void later(Duration wait, Runnable what) {
    world.after(wait, () -> here(what));
  }

  private void beat() {
    keeper.beat().onComplete(done -> later(TIMES.renewEvery(), this::beat));
    later(TIMES.renewWithin(), keeper::look);
  }

  private void seek() {
    for (String source : sources) {
      if (!tenancies.containsKey(source)) {
        keeper.acquire(source).onSuccess(held -> held.ifPresent(mine -> hold(source, mine)));
      }
    }
    later(Duration.ofSeconds(1), this::seek);
  }

  private void hold(String source, Held held) {
    Tenancy tenancy = new Tenancy(held);
    tenancies.put(source, tenancy);
    held.lost().onSuccess(lost -> tenancies.remove(source, tenancy));
    held.wanted()
        .onSuccess(
            wanted -> {
              if (tenancies.remove(source, tenancy)) {
                keeper.release(held);
              }
            });
  }

  private void poll() {
    List.copyOf(tenancies.entrySet())
        .forEach(
            each -> {
              Tenancy tenancy = each.getValue();
              ledger.polled(each.getKey(), identity, keeper.valid());
              long from = tenancy.at;
              long to = from + 1;
              keeper
                  .commit(tenancy.held, to, Cursor.of(Map.of("at", Long.toString(to))))
                  .onSuccess(done -> tenancy.at = Math.max(tenancy.at, to))
                  .onFailure(
                      failure -> {
                        if (failure instanceof LeaseLostException) {
                          keeper.refused(tenancy.held);
                        }
                      });
            });
    later(Duration.ofMillis(500 + random.nextInt(2_000)), this::poll);
  }

  /** SIGSTOP for so long. */
  void standStill(Duration time) {
    standing = true;
    world.after(
        time,
        () -> {
          standing = false;
          List<Runnable> all = new ArrayList<>(postponed);
          postponed.clear();
          all.forEach(this::here);
        });
  }

  Map<String, Long> holds() {
    Map<String, Long> all = new HashMap<>();
    tenancies.forEach((source, tenancy) -> all.put(source, tenancy.held.term()));
    return all;
  }

  boolean holdsValid(String source) {
    return tenancies.containsKey(source) && keeper.valid();
  }

  void leave() {
    tenancies.clear();
    keeper.leave().onComplete(gone -> dead = true);
  }

  /** Over the network: late, lost on the way there, or lost on the way back. */
  private <T> Future<T> sent(Supplier<Future<T>> call) {
    Promise<T> answer = Promise.promise();
    int fate = world.calm ? 20 : random.nextInt(100);
    Duration there = Duration.ofMillis(fate < 5 ? random.nextInt(30_000) : random.nextInt(50));
    Duration back = Duration.ofMillis(fate > 95 ? random.nextInt(30_000) : random.nextInt(50));
    boolean lost = cut || fate == 50;
    boolean lostBack = fate == 51;
    world.after(
        there,
        () -> {
          if (lost) {
            return;
          }
          Future<T> done = call.get();
          if (!lostBack && !cut) {
            world.after(back, () -> here(() -> done.onComplete(end -> complete(answer, end))));
          }
        });
    later(Duration.ofSeconds(3), () -> answer.tryFail(new IOException("no answer in time")));
    return answer.future();
  }

  private static <T> void complete(Promise<T> answer, io.vertx.core.AsyncResult<T> end) {
    if (end.succeeded()) {
      answer.tryComplete(end.result());
    } else {
      answer.tryFail(end.cause());
    }
  }

  @Override
  public Future<Snapshot> beat(Member me) {
    return sent(() -> register.beat(me));
  }

  @Override
  public Future<Void> strike(Member member) {
    return sent(() -> register.strike(member));
  }

  @Override
  public Future<Optional<Taken>> take(String source, Head expected, String holder) {
    return sent(() -> register.take(source, expected, holder));
  }

  @Override
  public Future<Void> commit(String source, Head head, long number, Cursor cursor) {
    return sent(
        () -> {
          long before = Long.parseLong(register.row(source).cursor().part("at").orElse("0"));
          long commits = register.row(source).commits();
          return register
              .commit(source, head, number, cursor)
              .onSuccess(
                  done -> {
                    long after =
                        Long.parseLong(register.row(source).cursor().part("at").orElse("0"));
                    if (register.row(source).commits() != commits) {
                      ledger.committed(source, head.term(), before, after);
                    }
                  });
        });
  }

  @Override
  public Future<Void> release(String source, Head head) {
    return sent(() -> register.release(source, head));
  }

  @Override
  public Future<Void> reset(String source) {
    return sent(() -> register.reset(source));
  }
}

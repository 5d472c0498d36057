package io.sluice.source.poll;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.connector.PollContext;
import io.sluice.connector.PollFactory;
import io.sluice.connector.PollSettings;
import io.sluice.connector.Source;
import io.sluice.connector.SourceContext;
import io.sluice.connector.Standing;
import io.sluice.connector.Steering;
import io.sluice.connector.Turn;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connector's poll as a source: its poller on an event loop of its own choice. Started and
 * stopped by one caller, steered from any thread.
 *
 * @param <C> the connector's settings
 */
final class PollSource<C extends Record> implements Source, Steering {
  private final PollFactory<C> factory;
  private final C config;
  private final SourceContext given;
  private final Supplier<Hosts> hosts;
  private final Intervals intervals;
  private @Nullable String deployment;
  private volatile @Nullable Home home;

  PollSource(
      PollFactory<C> factory,
      C config,
      SourceContext given,
      Supplier<Hosts> hosts,
      Intervals intervals) {
    this.factory = factory;
    this.config = config;
    this.given = given;
    this.hosts = hosts;
    this.intervals = intervals;
  }

  @Override
  public Future<Void> start() {
    // Asked for here: what is made in a verticle's context ends with it, and this is everybody's.
    Home made = new Home(hosts.get());
    return given
        .vertx()
        .deployVerticle(made)
        .onSuccess(
            id -> {
              deployment = id;
              home = made;
            })
        .mapEmpty();
  }

  @Override
  public Future<Void> stop() {
    Home there = home;
    String id = deployment;
    home = null;
    return there == null || id == null
        ? Future.succeededFuture()
        : given.vertx().undeploy(id).otherwiseEmpty();
  }

  @Override
  public Optional<Steering> steering() {
    return Optional.of(this);
  }

  @Override
  public Future<Void> pause() {
    return there(Poller::pause, Future.succeededFuture());
  }

  @Override
  public Future<Void> resume() {
    return there(
        poller -> {
          poller.resume();
          return Future.succeededFuture();
        },
        Future.succeededFuture());
  }

  @Override
  public Future<Optional<String>> ask() {
    return there(
        poller -> Future.succeededFuture(poller.ask()),
        Future.succeededFuture(Optional.of("it does not run")));
  }

  private <T> Future<T> there(Function<Poller, Future<T>> what, Future<T> nowhere) {
    Home there = home;
    return there == null ? nowhere : there.call(what);
  }

  @Override
  public Standing standing() {
    Home there = home;
    return there == null
        ? new Standing("stopped", Optional.empty(), Optional.empty())
        : there.standing();
  }

  /** Where the poller lives. */
  private final class Home extends VerticleBase {
    private final Hosts shared;
    private volatile @Nullable Poller poller;

    Home(Hosts shared) {
      this.shared = shared;
    }

    @Override
    public Future<?> start() {
      PollSettings settings = factory.polling(config);
      Poller made =
          new Poller(
              given.name(),
              settings,
              surroundings(),
              new PollTelemetry(given.name(), given.meters(), settings.reconcile().isPresent()));
      poller = made;
      made.start();
      return Future.succeededFuture();
    }

    private Surroundings surroundings() {
      Context loop = context;
      return new Surroundings(
          new HomeInlet(given.openInlet(), what -> loop.runOnContext(now -> what.run())),
          given.leases(),
          shared,
          intervals,
          what -> loop.runOnContext(now -> what.run()),
          Timers.of(given.vertx(), given.clock()),
          turns -> factory.create(config, new Given(given, turns)),
          given::lastKept,
          () -> ThreadLocalRandom.current().nextDouble());
    }

    <T> Future<T> call(Function<Poller, Future<T>> what) {
      Promise<T> answer = Promise.promise();
      context.runOnContext(
          now -> {
            Poller mine = poller;
            if (mine == null) {
              answer.fail("it does not run");
            } else {
              what.apply(mine).onComplete(answer);
            }
          });
      return answer.future();
    }

    Standing standing() {
      Poller mine = poller;
      return mine == null
          ? new Standing("starting", Optional.empty(), Optional.empty())
          : mine.standing();
    }

    @Override
    public Future<?> stop() {
      Poller mine = poller;
      return mine == null ? Future.succeededFuture() : mine.stop(given.drain());
    }
  }

  /** What a connector's poll is given. */
  private record Given(SourceContext context, Surroundings.TurnTaking turns)
      implements PollContext {
    @Override
    public String name() {
      return context.name();
    }

    @Override
    public Vertx vertx() {
      return context.vertx();
    }

    @Override
    public MeterRegistry meters() {
      return context.meters();
    }

    @Override
    public Clock clock() {
      return context.clock();
    }

    @Override
    public Future<Turn> turn(String host) {
      return turns.turn(host);
    }
  }
}

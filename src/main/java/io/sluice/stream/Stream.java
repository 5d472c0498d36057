package io.sluice.stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.replica.Replica;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A stream that can be started, drained and stopped. Safe for every thread. */
public final class Stream {
  private final String name;
  private volatile StreamSettings settings;
  private final StreamTelemetry telemetry;
  private final Vertx vertx;
  private final StreamVerticle verticle;
  private volatile @Nullable String deployment;

  /**
   * A stream that does not run yet.
   *
   * @param sinks who it feeds
   * @param journals opens its journal; not asked when the stream is in memory
   * @param directory where its journal is
   * @param replica with whom it shares what it remembers, if with anybody
   * @param onFailure told, on the stream's event loop, when its disk has failed for good
   */
  public Stream(
      Vertx vertx,
      String name,
      StreamSettings settings,
      List<String> sinks,
      JournalOpening journals,
      Path directory,
      Optional<Replica> replica,
      MeterRegistry meters,
      Clock clock,
      Consumer<IOException> onFailure) {
    this.vertx = vertx;
    this.name = name;
    this.settings = settings;
    this.telemetry = new StreamTelemetry(meters, name, settings.dedupe().isPresent());
    this.verticle =
        new StreamVerticle(
            name,
            settings,
            sinks,
            () -> log(settings, journals, directory, replica, meters, clock, onFailure),
            clock,
            telemetry);
  }

  private Log log(
      StreamSettings wanted,
      JournalOpening journals,
      Path directory,
      Optional<Replica> replica,
      MeterRegistry meters,
      Clock clock,
      Consumer<IOException> onFailure) {
    Sharing sharing = Sharing.of(wanted);
    Optional<Arbiter> arbiter =
        replica
            .filter(with -> sharing.any())
            .flatMap(
                with ->
                    with.database()
                        .map(
                            database ->
                                new PostgresArbiter(
                                    database, with.config().group() + "/" + name, sharing, clock)));
    if (arbiter.isEmpty() && sharing.asked()) {
      throw new IllegalStateException(
          "the stream "
              + name
              + " is to share what it remembers, and there is no database to share before the next"
              + " start of the gateway");
    }
    boolean disk = wanted.buffer() == StreamSettings.Buffer.DISK;
    Log own =
        disk
            ? new DiskLog(
                vertx,
                journals,
                directory,
                wanted,
                clock,
                new JournalTelemetry(meters, name),
                arbiter.isEmpty(),
                onFailure)
            : new MemoryLog();
    return arbiter
        .<Log>map(with -> new SharedLog(vertx, own, disk, sharing, with, telemetry))
        .orElse(own);
  }

  public String name() {
    return name;
  }

  public StreamSettings settings() {
    return settings;
  }

  /** How it stood about a second ago at the most. */
  public StreamState state() {
    return telemetry.state();
  }

  /**
   * Recovers what an earlier run kept, and takes batches from then on.
   *
   * @return fails when the journal cannot be opened
   */
  public Future<Void> start() {
    return vertx.deployVerticle(verticle).onSuccess(id -> deployment = id).mapEmpty();
  }

  /**
   * Goes on under other settings, and feeds other sinks; nothing is interrupted.
   *
   * @param wanted settings that {@linkplain StreamSettings#follows follow} those there are
   * @param sinks who it feeds from now on
   */
  public Future<Void> follow(StreamSettings wanted, List<String> sinks) {
    settings = wanted;
    Promise<Void> done = Promise.promise();
    verticle.onLoop(() -> verticle.follow(wanted, sinks).onComplete(done));
    return done.future();
  }

  /**
   * Forgets how far a sink was that takes from the stream no more, and lets go what was kept for
   * it.
   *
   * @return what is let go; empty when no such sink is parked here
   */
  public Future<Optional<StreamState.ParkedState>> retire(String sink) {
    Promise<Optional<StreamState.ParkedState>> done = Promise.promise();
    verticle.onLoop(() -> done.complete(verticle.retire(sink)));
    return done.future();
  }

  /** Takes nothing new; completes once every sink has everything, at once when it does not run. */
  public Future<Void> drain() {
    if (deployment == null) {
      return Future.succeededFuture();
    }
    Promise<Void> drained = Promise.promise();
    verticle.onLoop(() -> verticle.drain().onComplete(drained));
    return drained.future();
  }

  /** Lets go. What no sink has yet stays in the journal. */
  public Future<Void> stop() {
    String id = deployment;
    deployment = null;
    return id == null ? Future.succeededFuture() : vertx.undeploy(id);
  }
}

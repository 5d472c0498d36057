package io.sluice.source.poll;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.config.ByteSize;
import io.sluice.connector.Cursor;
import io.sluice.connector.Every;
import io.sluice.connector.Intake;
import io.sluice.connector.Poll;
import io.sluice.connector.PollSettings;
import io.sluice.connector.PollSettings.CursorLoss;
import io.sluice.connector.PollSettings.PollRetry;
import io.sluice.connector.Polled;
import io.sluice.connector.Step;
import io.sluice.event.Batch;
import io.sluice.harness.Loop;
import io.sluice.lease.CursorFiles;
import io.sluice.lease.FileLeaseStore;
import io.sluice.source.FakeStream;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * 500 polls on one event loop, each every second against a local server of 50 addresses, each with
 * an event and a cursor that is written: how late timers come, and what that takes of a core.
 *
 * <p>Arguments: seconds of warm-up (30) and seconds measured (10).
 */
final class ManyPolls {
  private static final int POLLS = 500;

  /** One request at a time goes to each. */
  private static final int HOSTS = 50;

  private final Histogram late = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Path directory;
  private HttpClient client;
  private int port;

  /** Timers that remember how late they fired. */
  private record Watched(Timers timers, Histogram late) implements Timers {
    @Override
    public long after(Duration delay, Runnable what) {
      long due = timers.nanos() + delay.toNanos();
      return timers.after(
          delay,
          () -> {
            late.recordValue(Math.max(0, timers.nanos() - due));
            what.run();
          });
    }

    @Override
    public void cancel(long timer) {
      timers.cancel(timer);
    }

    @Override
    public long nanos() {
      return timers.nanos();
    }

    @Override
    public Instant wall() {
      return timers.wall();
    }
  }

  /** Asks the server, and puts what it answers. */
  private final class Get implements Poll {
    private final Surroundings.TurnTaking turns;
    private final String host;
    private long count;

    Get(Surroundings.TurnTaking turns, String host) {
      this.turns = turns;
      this.host = host;
    }

    @Override
    public Future<Polled> poll(Cursor from, Intake into) {
      return turns
          .turn(host + ":" + port)
          .compose(
              turn ->
                  client
                      .request(HttpMethod.GET, port, host, "/")
                      .compose(HttpClientRequest::send)
                      .compose(HttpClientResponse::body)
                      .onComplete(
                          body ->
                              turn.over(
                                  body.succeeded() ? body.result().length() : 0, Duration.ZERO)))
          .compose(
              body ->
                  into.put(
                      Batch.single(body.getBytes(), Rig.ORIGIN),
                      Step.set("count", Long.toString(++count))))
          .map(room -> Polled.all(Step.NONE));
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }
  }

  private ManyPolls(Path directory) {
    this.directory = directory;
  }

  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createTempDirectory("polls");
    new ManyPolls(directory)
        .run(
            arguments.length > 0 ? Integer.parseInt(arguments[0]) : 30,
            arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10);
    try (var files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }

  private void run(int warmup, int seconds) throws Exception {
    Vertx servers = Vertx.vertx();
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    FakeStream stream = new FakeStream(1L << 30);
    FileLeaseStore leases =
        new FileLeaseStore(vertx, new CursorFiles(directory), "here", Clock.systemUTC());
    try {
      port =
          servers
              .createHttpServer()
              .requestHandler(request -> request.response().end("{\"id\":1}"))
              .listen(0, "0.0.0.0")
              .await()
              .actualPort();
      client = vertx.createHttpClient();
      Loop loop = Loop.of(vertx);
      Hosts hosts = loop.call(() -> new Hosts(Runnable::run, Timers.of(vertx, Clock.systemUTC())));
      Timers timers = new Watched(Timers.of(vertx, Clock.systemUTC()), late);
      List<Poller> pollers = new ArrayList<>();
      loop.run(
          () -> {
            for (int i = 0; i < POLLS; i++) {
              String host = "127.0.0." + (1 + i % HOSTS);
              Poller poller = poller("source-" + i, host, vertx, stream, leases, hosts, timers);
              pollers.add(poller);
              poller.start();
            }
          });
      pass(warmup);
      loop.run(late::reset);
      double before = polls();
      long cpu = cpu();
      long loopCpu = loopCpu(loop);
      pass(seconds);
      double polls = polls() - before;
      double loopShare = (loopCpu(loop) - loopCpu) / (seconds * 1e9);
      double share = (cpu() - cpu) / (seconds * 1e9);
      Histogram seen = loop.call(late::copy);
      System.out.printf(
          "500 polls: %.0f polls/s, timers late p50 %.1f ms, p99 %.1f ms, max %.1f ms; loop %.0f %%"
              + " of a core, whole process with the server %.0f %%; skipped %.0f%n",
          polls / seconds,
          seen.getValueAtPercentile(50) / 1e6,
          seen.getValueAtPercentile(99) / 1e6,
          seen.getMaxValue() / 1e6,
          100 * loopShare,
          100 * share,
          meters.find("sluice.polls.skipped").counters().stream()
              .mapToDouble(counter -> counter.count())
              .sum());
      for (Poller poller : pollers) {
        loop.await(() -> poller.stop(Duration.ofSeconds(10)));
      }
    } finally {
      vertx.close().await();
      servers.close().await();
    }
  }

  private Poller poller(
      String name,
      String host,
      Vertx vertx,
      FakeStream stream,
      FileLeaseStore leases,
      Hosts hosts,
      Timers timers) {
    PollSettings settings =
        new PollSettings(
            Every.Fixed.parse("1s"),
            Optional.of(Duration.ofMillis(900)),
            Duration.ofSeconds(30),
            new PollRetry(Duration.ofSeconds(1), Duration.ofMinutes(5)),
            Optional.empty(),
            ByteSize.parse("1MiB"),
            CursorLoss.PAUSE,
            Optional.empty(),
            Optional.empty());
    return new Poller(
        name,
        settings,
        new Surroundings(
            stream.open(vertx),
            leases,
            hosts,
            new Intervals(),
            Runnable::run,
            timers,
            turns -> new Get(turns, host),
            source -> OptionalLong.empty(),
            () -> ThreadLocalRandom.current().nextDouble()),
        new PollTelemetry(name, meters, false));
  }

  private double polls() {
    return meters.find("sluice.polls").tag("outcome", "new").counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  private static long cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long loopCpu(Loop loop) {
    return loop.call(() -> ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
  }

  /** Lets the measured time pass. */
  private static void pass(int seconds) throws InterruptedException {
    if (new CountDownLatch(1).await(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError();
    }
  }
}

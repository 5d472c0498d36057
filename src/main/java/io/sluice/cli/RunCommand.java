package io.sluice.cli;

import io.sluice.admin.AdminConfig;
import io.sluice.admin.AdminListener;
import io.sluice.admin.GatewayView;
import io.sluice.config.Checked;
import io.sluice.config.Environment;
import io.sluice.config.Problem;
import io.sluice.config.Reading;
import io.sluice.control.Capacity;
import io.sluice.control.Configuration;
import io.sluice.control.ConfigurationModel;
import io.sluice.control.DataDirectory;
import io.sluice.control.Drain;
import io.sluice.control.Gateway;
import io.sluice.control.Reloads;
import io.sluice.control.Settings;
import io.sluice.journal.JournalVersionException;
import io.sluice.journal.LockedException;
import io.sluice.net.BadTlsException;
import io.sluice.replica.Replica;
import io.sluice.stream.JournalOpening;
import io.sluice.telemetry.LogFormat;
import io.sluice.telemetry.Logging;
import io.sluice.telemetry.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code sluice run}: runs the gateway until it is told to stop or its disk fails.
 *
 * <p>Exit codes: 0 when it was told to stop, 78 wrong configuration, 73 data directory cannot be
 * used, 75 data directory in use, 74 the journal's disk failed, 1 anything else, each with one line
 * on standard error.
 */
@Command(name = "run", description = "Runs the gateway.", mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
  private static final int CANNOT_CREATE = 73;
  private static final int IO_ERROR = 74;
  private static final int LOCKED = 75;

  /** Lets a command run something before the process ends because it was told to. */
  @FunctionalInterface
  public interface Termination {
    /**
     * Runs {@code last} when the process is told to end, and lets it end when that returns.
     *
     * @param again run each time it is told so once more
     * @param hangup run each time the process hears SIGHUP
     * @return forgets it again
     */
    Runnable before(Runnable last, Runnable again, Runnable hangup);
  }

  private final ConfigurationModel<AdminConfig> model;
  private final Environment environment;
  private final Supplier<Vertx> vertxs;
  private final Supplier<Meters> meters;
  private final JournalOpening journals;
  private final int loops;
  private final Termination termination;
  private final Supplier<String> host;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private ConfigurationPaths configuration;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description =
          "Where journals, cursors and dead letters are kept (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private Path data;

  @Option(
      names = "--drain",
      paramLabel = "TIME",
      defaultValue = "20s",
      converter = DurationText.class,
      description =
          "How long a stop waits for requests, and then for sinks; a second signal cuts it short"
              + " (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private Duration drain;

  @Option(
      names = "--drain-delay",
      paramLabel = "TIME",
      defaultValue = "0s",
      converter = DurationText.class,
      description =
          "How long a stop goes on taking requests while it says it is not ready, so that load"
              + " balancers can hear of it (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private Duration drainDelay;

  @Option(
      names = "--watch",
      paramLabel = "TIME",
      defaultValue = "1s",
      converter = DurationText.class,
      description =
          "How often to look whether the configuration's files have changed; they are taken once"
              + " they were the same twice. 0s does not look: SIGHUP and POST /api/v1/reload still"
              + " work (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private Duration watch;

  @Option(
      names = "--log-format",
      defaultValue = "text",
      description =
          "How log entries are written: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private LogFormat format;

  @Option(
      names = "--log-level",
      defaultValue = "info",
      description =
          "The least that is logged: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private Level level;

  /**
   * The command.
   *
   * @param journals opens streams' journals
   * @param loops how many event loops the Vert.x has
   * @param host asked for the host's name, off the event loops
   */
  public RunCommand(
      ConfigurationModel<AdminConfig> model,
      Environment environment,
      Supplier<Vertx> vertxs,
      Supplier<Meters> meters,
      JournalOpening journals,
      int loops,
      Termination termination,
      Supplier<String> host) {
    this.model = model;
    this.environment = environment;
    this.vertxs = vertxs;
    this.meters = meters;
    this.journals = journals;
    this.loops = loops;
    this.termination = termination;
    this.host = host;
  }

  @Override
  public Integer call() throws InterruptedException {
    Logging.start(format, level);
    Vertx vertx = vertxs.get();
    Run run = new Run(vertx);
    // They take a while to make, and the configuration to read: both at once.
    vertx.executeBlocking(meters::get, false).onFailure(run::failed);
    Reading.of(vertx, configuration.paths())
        .compose(
            reading ->
                vertx
                    .executeBlocking(() -> model.check(reading, environment))
                    .compose(
                        checked ->
                            checked.fold(
                                good -> run.start(reading, good),
                                bad -> run.refuse(bad.problems()))))
        .onFailure(run::failed);
    return run.await();
  }

  /** One run, from its configuration to its end. */
  private final class Run {
    private final Vertx vertx;
    private final AtomicInteger code = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Referred to for as long as the run lasts: a lock that nobody refers to is given back. */
    private volatile @Nullable DataDirectory directory;

    private volatile @Nullable Gateway running;
    private volatile Runnable forget = () -> {};
    private volatile String why = "";

    Run(Vertx vertx) {
      this.vertx = vertx;
    }

    /** Waits for the end, and says why it came: last, after everything that was logged. */
    int await() throws InterruptedException {
      ended.await();
      Logging.stop();
      spec.commandLine().getErr().println("sluice: " + why);
      return code.get();
    }

    private void end(int with, String because) {
      if (code.compareAndSet(0, with) || code.get() == with) {
        why = because;
      }
      forget.run();
      unlock();
      ended.countDown();
    }

    private void unlock() {
      DataDirectory held = directory;
      try {
        if (held != null) {
          held.close();
        }
      } catch (IOException e) {
        spec.commandLine()
            .getErr()
            .println("sluice: data directory not unlocked: " + e.getMessage());
      }
    }

    Future<Void> refuse(List<Problem> problems) {
      PrintWriter err = spec.commandLine().getErr();
      problems.forEach(err::println);
      end(
          ValidateCommand.WRONG_CONFIGURATION,
          "the configuration cannot be used, nothing was started");
      return Future.succeededFuture();
    }

    Future<Void> start(Reading reading, Checked.Good<Configuration<AdminConfig>> good) {
      good.warnings().forEach(spec.commandLine().getErr()::println);
      Configuration<AdminConfig> wanted = good.value();
      if (wanted.replicas().kubernetes().filter(api -> !api.isKnown(environment)).isPresent()) {
        return refuse(
            List.of(
                wanted
                    .blame()
                    .at(
                        "/replicas/kubernetes",
                        "this is no pod of Kubernetes: KUBERNETES_SERVICE_HOST is not set",
                        "say where the API is, with `url`")));
      }
      return vertx
          .executeBlocking(() -> DataDirectory.open(data))
          .onSuccess(locked -> directory = locked)
          .compose(locked -> fit(reading, wanted, locked));
    }

    private Future<Void> fit(
        Reading reading, Configuration<AdminConfig> wanted, DataDirectory locked) {
      return vertx
          .executeBlocking(() -> Capacity.fit(wanted, locked))
          .compose(
              fitted ->
                  fitted.fold(
                      good -> start(reading, wanted, good.value(), locked),
                      bad -> refuse(bad.problems())));
    }

    /** Thousands of sources take their time to make: off the event loop. */
    private Future<Void> start(
        Reading reading, Configuration<AdminConfig> wanted, Settings fitted, DataDirectory locked) {
      return vertx
          .executeBlocking(
              () ->
                  new Gateway(
                      vertx,
                      fitted,
                      locked,
                      journals,
                      meters.get().registry(),
                      Clock.systemUTC(),
                      new Drain(drainDelay, drain),
                      Replica.of(
                          vertx, wanted.replicas(), host, environment, meters.get().registry()),
                      this::diskFailed))
          .compose(made -> start(reading, wanted, locked, made));
    }

    private Future<Void> start(
        Reading reading, Configuration<AdminConfig> wanted, DataDirectory locked, Gateway gateway) {
      AdminListener admin = new AdminListener(vertx, meters.get(), loops);
      Reloads<AdminConfig> reloads =
          new Reloads<>(
              vertx,
              model,
              environment,
              locked,
              gateway,
              admin,
              wanted,
              reading,
              meters.get().registry(),
              Clock.systemUTC());
      running = gateway;
      forget = termination.before(() -> drainAndWait(gateway), gateway::hurry, reloads::reload);
      return admin
          .start(wanted.admin(), new GatewayView(gateway, reloads, Clock.systemUTC()))
          .compose(listening -> gateway.start())
          .onSuccess(started -> watch(reloads));
    }

    private void watch(Reloads<AdminConfig> reloads) {
      if (!watch.isZero()) {
        reloads.watch(watch);
      }
    }

    /** Nothing can be promised any more: stops, and ends with a code of its own. */
    private void diskFailed(IOException cause) {
      code.set(IO_ERROR);
      Gateway gateway = running;
      if (gateway != null) {
        gateway
            .stop()
            .onComplete(
                stopped -> end(IO_ERROR, "a journal's disk has failed: " + cause.getMessage()));
      }
    }

    private void drainAndWait(Gateway gateway) {
      CountDownLatch stopped = new CountDownLatch(1);
      gateway.drain().onComplete(done -> stopped.countDown());
      try {
        stopped.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void failed(Throwable failure) {
      end(exitCode(failure), String.valueOf(failure.getMessage()));
    }

    private static int exitCode(Throwable failure) {
      if (failure instanceof LockedException || failure instanceof DataDirectory.LockedException) {
        return LOCKED;
      }
      if (failure instanceof JournalVersionException || failure instanceof BadTlsException) {
        return ValidateCommand.WRONG_CONFIGURATION;
      }
      return failure instanceof IOException ? CANNOT_CREATE : 1;
    }
  }
}

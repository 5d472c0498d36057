package io.sluice.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.config.Environment;
import io.sluice.config.Reading;
import io.sluice.control.ConfigurationModel;
import io.sluice.lease.Leases;
import io.sluice.lease.SharedCursors;
import io.sluice.replica.Replica;
import io.sluice.replica.ReplicasConfig;
import io.sluice.replica.ReplicasConfig.LeasePlace;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Where the cursors are that a command works on: the configuration says it, or else --data. */
final class CursorPlace {
  /** Looks for cursors. */
  @FunctionalInterface
  interface Work {
    /** Does it; answers the exit code. */
    int on(CursorShelf shelf) throws IOException;
  }

  /**
   * What the commands are given.
   *
   * @param vertxs called when cursors are shared; whoever hands it in closes it
   */
  record Given(ConfigurationModel<?> model, Environment environment, Supplier<Vertx> vertxs) {}

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private ConfigurationPaths configuration;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private DataPath data;

  /** Does something with the cursors; says on standard error why not. */
  int with(Given given, Work work) throws IOException {
    if (!said("--config") && (said("--data") || !configuration.isThere())) {
      return work.on(new FileShelf(data.path()));
    }
    Optional<ReplicasConfig> replicas = replicas(given);
    if (replicas.isEmpty()) {
      return ValidateCommand.WRONG_CONFIGURATION;
    }
    if (replicas.get().leasePlace() == LeasePlace.FILES) {
      return work.on(new FileShelf(data.path()));
    }
    Replica replica;
    try {
      replica = beside(given, replicas.get());
    } catch (IllegalStateException noPod) {
      return complain(noPod);
    }
    SharedCursors cursors = Leases.shared(replica, Clock.systemUTC()).orElseThrow();
    try (CursorShelf shelf = new SharedShelf(given.vertxs().get(), replica, cursors)) {
      return work.on(shelf);
    } catch (IOException failure) {
      return complain(failure);
    }
  }

  private boolean said(String option) {
    ParseResult words = spec.commandLine().getParseResult();
    return words != null && words.hasMatchedOption(option);
  }

  private int complain(Exception failure) {
    spec.commandLine()
        .getErr()
        .println("sluice: " + PlainText.of(String.valueOf(failure.getMessage())));
    return 1;
  }

  /** Empty when the configuration is wrong, which is told. */
  private Optional<ReplicasConfig> replicas(Given given) {
    return given
        .model()
        .check(Reading.of(configuration.paths()), given.environment())
        .fold(
            good -> Optional.of(good.value().replicas()),
            bad -> {
              bad.problems().forEach(spec.commandLine().getErr()::println);
              return Optional.empty();
            });
  }

  /** One that only looks at where the leases are. */
  private static Replica beside(Given given, ReplicasConfig replicas) {
    LeasePlace place = replicas.leasePlace();
    ReplicasConfig only =
        new ReplicasConfig(
            Optional.of("cursor"),
            replicas.group(),
            replicas.database().filter(there -> place == LeasePlace.DATABASE),
            replicas.kubernetes().filter(there -> place == LeasePlace.KUBERNETES),
            Optional.of(place),
            replicas.lease());
    return Replica.of(
        given.vertxs().get(), only, () -> "cursor", given.environment(), new SimpleMeterRegistry());
  }
}

package io.sluice.lease;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.replica.Replica;
import io.sluice.replica.SharedDatabase;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Optional;

/** Chooses where leases are kept. */
public final class Leases {
  private Leases() {}

  /**
   * The leases of a gateway; nothing is opened yet.
   *
   * @param files where they are when nobody shares them
   * @param clock names files that are put aside, and dates what others only look at
   */
  public static GatewayLeases of(
      Vertx vertx, Replica replica, CursorFiles files, MeterRegistry meters, Clock clock) {
    return switch (replica.config().leasePlace()) {
      case FILES -> new FileLeaseStore(vertx, files, replica.name(), clock);
      case DATABASE -> shared(vertx, replica, inDatabase(replica), meters);
      case KUBERNETES -> shared(vertx, replica, inKubernetes(vertx, replica, clock), meters);
    };
  }

  private static GatewayLeases shared(
      Vertx vertx, Replica replica, Register register, MeterRegistry meters) {
    return new SharedLeaseStore(
        vertx, register, replica.identity(), replica.config().lease(), meters);
  }

  private static Register inDatabase(Replica replica) {
    return new DatabaseRegister(database(replica), replica.config().group());
  }

  private static SharedDatabase database(Replica replica) {
    return replica.database().orElseThrow(() -> new IllegalStateException("no database"));
  }

  private static Register inKubernetes(Vertx vertx, Replica replica, Clock clock) {
    return new KubernetesRegister(vertx, kubernetes(replica), form(replica, clock));
  }

  private static KubernetesLeases kubernetes(Replica replica) {
    return new KubernetesLeases(
        replica.kubernetes().orElseThrow(() -> new IllegalStateException("no Kubernetes")));
  }

  private static KubernetesForm form(Replica replica, Clock clock) {
    return new KubernetesForm(replica.config().group(), replica.config().lease().duration(), clock);
  }

  /** The cursors that replicas share, for somebody beside them; empty where they are in files. */
  public static Optional<SharedCursors> shared(Replica replica, Clock clock) {
    return switch (replica.config().leasePlace()) {
      case FILES -> Optional.empty();
      case DATABASE ->
          Optional.of(new DatabaseCursors(database(replica), replica.config().group()));
      case KUBERNETES ->
          Optional.of(new KubernetesCursors(kubernetes(replica), form(replica, clock)));
    };
  }
}

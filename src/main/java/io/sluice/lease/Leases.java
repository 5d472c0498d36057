package io.sluice.lease;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.replica.Replica;
import io.vertx.core.Vertx;
import java.time.Clock;

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
      case DATABASE -> shared(vertx, replica, database(replica), meters);
      case KUBERNETES -> shared(vertx, replica, kubernetes(vertx, replica, clock), meters);
    };
  }

  private static GatewayLeases shared(
      Vertx vertx, Replica replica, Register register, MeterRegistry meters) {
    return new SharedLeaseStore(
        vertx, register, replica.identity(), replica.config().lease(), meters);
  }

  private static Register database(Replica replica) {
    return new DatabaseRegister(
        replica.database().orElseThrow(() -> new IllegalStateException("no database")),
        replica.config().group());
  }

  private static Register kubernetes(Vertx vertx, Replica replica, Clock clock) {
    return new KubernetesRegister(
        vertx,
        new KubernetesLeases(
            replica.kubernetes().orElseThrow(() -> new IllegalStateException("no Kubernetes"))),
        new KubernetesForm(replica.config().group(), replica.config().lease().duration(), clock));
  }
}

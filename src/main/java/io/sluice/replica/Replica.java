package io.sluice.replica;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.config.Environment;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * This gateway among its replicas. Immutable; usable from any thread.
 *
 * @param name what the operator calls it
 * @param incarnation tells it apart from what had the name before, or has it by mistake
 * @param database what it shares with the others
 * @param kubernetes likewise
 */
public record Replica(
    ReplicasConfig config,
    String name,
    String incarnation,
    Optional<SharedDatabase> database,
    Optional<KubernetesApi> kubernetes) {
  private static final int RANDOM = 8;

  /**
   * The replica that a configuration makes of this gateway.
   *
   * @param host the host's name
   * @param environment says to pods where the Kubernetes API is
   * @throws IllegalStateException when it does not, and nothing else does
   */
  public static Replica of(
      Vertx vertx,
      ReplicasConfig config,
      Supplier<String> host,
      Environment environment,
      MeterRegistry meters) {
    byte[] random = new byte[RANDOM];
    new SecureRandom().nextBytes(random);
    return new Replica(
        config,
        config.name().orElseGet(host),
        HexFormat.of().formatHex(random),
        config.database().map(database -> new SharedDatabase(vertx, database, meters)),
        config
            .kubernetes()
            .map(kubernetes -> new KubernetesApi(vertx, kubernetes, environment, meters)));
  }

  /** As others know it. */
  public String identity() {
    return name + "/" + incarnation;
  }

  /** Lets go of what is shared: the last thing a gateway does. Never fails. */
  public Future<Void> close() {
    return Future.join(
            database.map(SharedDatabase::close).orElseGet(Future::succeededFuture),
            kubernetes.map(KubernetesApi::close).orElseGet(Future::succeededFuture))
        .mapEmpty();
  }
}

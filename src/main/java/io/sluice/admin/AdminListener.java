package io.sluice.admin;

import io.sluice.control.OperatorDoor;
import io.sluice.control.PlanStep;
import io.sluice.telemetry.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin listener of a gateway, and how it goes over to other settings while it runs: on its
 * address it takes up credentials and certificates as they are, and on another address a new one
 * takes over. Started once; changed from one thread at a time.
 */
public final class AdminListener implements OperatorDoor<AdminConfig> {
  private static final Logger LOG = LoggerFactory.getLogger(AdminListener.class);

  private final Vertx vertx;
  private final Meters meters;
  private final int loops;
  private volatile @Nullable Running running;

  /** What listens. */
  private record Running(AdminConfig config, View view, AdminVerticle verticle) {}

  /**
   * A listener that is not bound yet.
   *
   * @param loops how many event loops the Vert.x has
   */
  public AdminListener(Vertx vertx, Meters meters, int loops) {
    this.vertx = vertx;
    this.meters = meters;
    this.loops = loops;
  }

  /**
   * Listens.
   *
   * @return fails when it cannot: the address is taken, the certificates cannot be used
   */
  public Future<Void> start(AdminConfig config, View view) {
    return deploy(config, view).onSuccess(this::run).mapEmpty();
  }

  private void run(Running now) {
    running = now;
  }

  private Future<Running> deploy(AdminConfig config, View view) {
    AdminVerticle verticle = new AdminVerticle(config, view, meters, loops);
    return vertx.deployVerticle(verticle).map(deployed -> new Running(config, view, verticle));
  }

  @Override
  public Future<Change> prepare(AdminConfig desired) {
    Running now = Objects.requireNonNull(running, "not started");
    if (desired.equals(now.config())) {
      return Future.succeededFuture(new Made(Optional.empty(), () -> {}, () -> {}));
    }
    if (!desired.follows(now.config())) {
      LOG.atWarn()
          .addKeyValue("listen", desired.listen())
          .log("TLS of the admin listener's address begins or ends with the next start");
      return Future.succeededFuture(new Made(Optional.empty(), () -> {}, () -> {}));
    }
    return desired.listen().equals(now.config().listen()) ? here(now, desired) : away(now, desired);
  }

  private Future<Change> here(Running now, AdminConfig desired) {
    return now.verticle()
        .prepare(desired)
        .map(
            ready ->
                new Made(
                    Optional.of(desired.after(now.config())),
                    () -> {
                      run(new Running(desired, now.view(), now.verticle()));
                      ready.take();
                    },
                    ready::letGo));
  }

  private Future<Change> away(Running now, AdminConfig desired) {
    return deploy(desired, now.view())
        .map(
            made ->
                new Made(
                    Optional.of(desired.after(now.config())),
                    () -> {
                      run(made);
                      now.verticle().retire();
                    },
                    () -> made.verticle().retire()));
  }

  private record Made(Optional<PlanStep> step, Runnable taking, Runnable leaving)
      implements Change {
    @Override
    public void take() {
      taking.run();
    }

    @Override
    public void letGo() {
      leaving.run();
    }
  }
}

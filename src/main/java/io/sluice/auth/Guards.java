package io.sluice.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * The guards of one listener's route: one for each event loop, and what they share, which is how
 * often an address failed.
 *
 * <p>Methods may be called on any thread. Started before the first guard is opened, stopped when
 * none is used any more.
 */
public final class Guards {
  private final Supplier<Guard> each;
  private final Failures failures = new Failures(System::nanoTime);

  /**
   * The guards for {@code auth}.
   *
   * @param name whose they are, for the log
   */
  public Guards(Vertx vertx, String name, Auth auth, Clock clock) {
    this.each = auth.fold(new Making(vertx, name, clock));
  }

  /**
   * Fetches what is needed to check credentials.
   *
   * @return fails when that cannot ever succeed
   */
  public Future<Void> start() {
    return Future.succeededFuture();
  }

  /** A guard for the event loop that calls. */
  public Guard open() {
    Guard guard = each.get();
    return guard instanceof OpenDoor ? guard : new Patient(guard, failures);
  }

  /** Lets go of what was needed. Legal twice and before start. */
  public Future<Void> stop() {
    return Future.succeededFuture();
  }

  private record Making(Vertx vertx, String name, Clock clock)
      implements Auth.Cases<Supplier<Guard>> {
    @Override
    public Supplier<Guard> none() {
      return OpenDoor::new;
    }

    @Override
    public Supplier<Guard> apiKey(Auth.ApiKey auth) {
      return () -> new ApiKeyGuard(auth.keys());
    }

    @Override
    public Supplier<Guard> basic(Auth.Basic auth) {
      return () -> new BasicGuard(auth.users());
    }

    @Override
    public Supplier<Guard> mtls(Auth.Mtls auth) {
      return () -> new MtlsGuard(auth.principals(), clock);
    }
  }
}

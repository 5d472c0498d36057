package io.sluice.auth;

import io.sluice.connector.Findings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The guards of one listener's route: one for each event loop, and what they share, which is how
 * often an address failed and the keys that credentials are checked with.
 *
 * <p>Methods may be called on any thread. Started before the first guard is opened, stopped when
 * none is used any more.
 */
public final class Guards {
  private final Making making;
  private final Supplier<Guard> each;
  private final Failures failures = new Failures(System::nanoTime);

  /**
   * The guards for {@code auth}.
   *
   * @param name whose they are, for the log
   */
  public Guards(Vertx vertx, String name, Auth auth, Clock clock) {
    this.making = new Making(vertx, name, clock);
    this.each = auth.fold(making);
  }

  /**
   * Says what is wrong with the files that the settings name. Blocks.
   *
   * @param below the key whose value the settings are
   */
  public static void inspect(Auth auth, String below, Findings findings) {
    if (auth instanceof Auth.Jwt jwt && !jwt.byUrl()) {
      try {
        Jwks.read(Buffer.buffer(Files.readAllBytes(Path.of(jwt.jwks()))));
      } catch (IOException bad) {
        boolean read = Files.isReadable(Path.of(jwt.jwks()));
        findings.error(
            below + "/jwks",
            jwt.jwks() + " " + (read ? bad.getMessage() : "is missing or cannot be read"));
      }
    }
  }

  /** Begins to fetch what is needed to check credentials; what is not there yet is said so. */
  public Future<Void> start() {
    return making.ring.map(KeyRing::start).orElseGet(Future::succeededFuture);
  }

  /** A guard for the event loop that calls. */
  public Guard open() {
    Guard guard = each.get();
    return guard instanceof OpenDoor ? guard : new Patient(guard, failures);
  }

  /** Lets go of what was needed. Legal twice and before start. */
  public Future<Void> stop() {
    return making.ring.map(KeyRing::stop).orElseGet(Future::succeededFuture);
  }

  private static final class Making implements Auth.Cases<Supplier<Guard>> {
    private final Vertx vertx;
    private final String name;
    private final Clock clock;
    private Optional<KeyRing> ring = Optional.empty();

    Making(Vertx vertx, String name, Clock clock) {
      this.vertx = vertx;
      this.name = name;
      this.clock = clock;
    }

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
    public Supplier<Guard> jwt(Auth.Jwt auth) {
      KeySource source =
          auth.byUrl()
              ? KeySource.ByUrl.of(vertx, auth.jwks(), auth.refresh())
              : new KeySource.InFile(vertx, auth.jwks());
      KeyRing made = new KeyRing(vertx, name, source, System::nanoTime);
      ring = Optional.of(made);
      return () -> new JwtGuard(auth, made, clock);
    }

    @Override
    public Supplier<Guard> signature(Auth.Signature auth) {
      return () -> new SignatureGuard(auth, clock);
    }

    @Override
    public Supplier<Guard> mtls(Auth.Mtls auth) {
      return () -> new MtlsGuard(auth.principals(), clock);
    }
  }
}

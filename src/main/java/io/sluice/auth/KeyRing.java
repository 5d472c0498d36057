package io.sluice.auth;

import com.nimbusds.jose.jwk.JWKSet;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of an issuer, kept up with where they come from: looked at every so often, and at once
 * when somebody shows a token of a key that is not there, but not more often than {@link
 * #AT_MOST_EVERY}. While they cannot be read, those that were read last hold, and the next attempt
 * comes later each time.
 *
 * <p>The keys may be asked for on any thread; everything else belongs to one event loop.
 */
final class KeyRing {
  private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);
  static final Duration AT_MOST_EVERY = Duration.ofSeconds(5);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofMinutes(5);

  private final Vertx vertx;
  private final Context home;
  private final String name;
  private final KeySource source;
  private final LongSupplier nanos;
  private volatile @Nullable Keys keys;
  private volatile boolean reading;
  private volatile long notBefore;
  private @Nullable Buffer read;
  private int generation;
  private int failures;
  private long timer = -1;
  private boolean closed;

  /** Keys, and a number that is another when they are others. */
  record Keys(JWKSet set, int generation) {}

  /**
   * A ring without keys.
   *
   * @param name whose it is, for the log
   */
  KeyRing(Vertx vertx, String name, KeySource source, LongSupplier nanos) {
    this.vertx = vertx;
    this.home = vertx.getOrCreateContext();
    this.name = name;
    this.source = source;
    this.nanos = nanos;
    this.notBefore = nanos.getAsLong();
  }

  /** What is known now; nothing before the first success. */
  Optional<Keys> keys() {
    return Optional.ofNullable(keys);
  }

  /**
   * Somebody showed a token of a key that is not here.
   *
   * @return whether it may be here soon
   */
  boolean missed() {
    if (!source.asksWhenMissed()) {
      return false;
    }
    if (reading) {
      return true;
    }
    if (nanos.getAsLong() - notBefore < 0) {
      return false;
    }
    home.runOnContext(here -> look());
    return true;
  }

  /** Begins to look; completes with the first attempt, whatever comes of it. */
  Future<Void> start() {
    return Future.future(
        begun -> home.runOnContext(here -> look().onComplete(done -> begun.complete())));
  }

  Future<Void> stop() {
    return Future.future(
        ended ->
            home.runOnContext(
                here -> {
                  closed = true;
                  vertx.cancelTimer(timer);
                  source.close().onComplete(ended);
                }));
  }

  private Future<Void> look() {
    if (reading || closed) {
      return Future.succeededFuture();
    }
    reading = true;
    vertx.cancelTimer(timer);
    return source
        .read()
        .compose(this::taken)
        .onSuccess(taken -> failures = 0)
        .onFailure(this::failed)
        .transform(
            looked -> {
              Duration pause =
                  looked.succeeded() || !source.asksWhenMissed() ? source.every() : backoff();
              Duration least = looked.succeeded() ? AT_MOST_EVERY : pause;
              notBefore = nanos.getAsLong() + least.toNanos();
              reading = false;
              if (!closed) {
                timer = vertx.setTimer(Math.max(1, pause.toMillis()), again -> look());
              }
              return Future.succeededFuture();
            });
  }

  private Future<Void> taken(Buffer bytes) {
    if (bytes.equals(read)) {
      return Future.succeededFuture();
    }
    return vertx
        .executeBlocking(() -> Jwks.read(bytes))
        .onSuccess(
            set -> {
              keys = new Keys(set, ++generation);
              read = bytes;
              LOG.atInfo()
                  .addKeyValue("source", name)
                  .addKeyValue("keys", set.size())
                  .log("keys for tokens read");
            })
        .mapEmpty();
  }

  private void failed(Throwable cause) {
    failures++;
    // Each time it takes twice as long: by powers of two there are few lines.
    if (!closed && Integer.bitCount(failures) == 1) {
      LOG.atWarn()
          .addKeyValue("source", name)
          .addKeyValue("reason", String.valueOf(cause.getMessage()))
          .log("keys for tokens cannot be read, those that are there stay");
    }
  }

  private Duration backoff() {
    long most = Math.min(LAST_RETRY.toMillis(), FIRST_RETRY.toMillis() << Math.min(failures, 20));
    return Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
  }
}

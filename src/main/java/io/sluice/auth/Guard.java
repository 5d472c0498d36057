package io.sluice.auth;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides by the head of a request who sent it. Takes as long for a wrong proof as for a right one.
 * Used by one thread at a time.
 */
public interface Guard {
  /** Whoever need not say who they are. */
  String ANONYMOUS = "anonymous";

  /**
   * The name of the principal.
   *
   * @return null when nothing was proved
   */
  @Nullable String principal(MultiMap headers);

  /** Whether the head has something that looks like a proof. */
  boolean tried(MultiMap headers);

  /** The {@code WWW-Authenticate} of an answer to somebody who proved nothing. */
  String challenge();

  /** The guard for {@code auth}. */
  static Guard of(Auth auth) {
    return auth.fold(
        new Auth.Cases<Guard>() {
          @Override
          public Guard none() {
            return new OpenDoor();
          }

          @Override
          public Guard apiKey(Auth.ApiKey keys) {
            return new ApiKeyGuard(keys.keys());
          }

          @Override
          public Guard basic(Auth.Basic users) {
            return new BasicGuard(users.users());
          }
        });
  }
}

package io.sluice.config;

import java.util.Optional;

/** Checks for the constructors of settings records. */
public final class Check {
  private Check() {}

  /**
   * Demands that a value fits.
   *
   * @param key the component's name, or a path to a deeper key with slashes
   * @param message what is wrong with it, to be read after the key: "must be positive". Never
   *     repeats a secret
   * @throws BadValueException when {@code holds} is false
   */
  public static void that(boolean holds, String key, String message) {
    if (!holds) {
      throw new BadValueException(key, message);
    }
  }

  /**
   * Demands that whoever opens a listener to the world has thought about who may use it.
   *
   * @param listen the value of the key {@code listen}
   * @param auth the value of the key {@code auth}, absent when nothing was said
   * @throws BadValueException when anybody on the network could connect and nobody decided so
   */
  public static void guarded(HostPort listen, Optional<?> auth) {
    that(
        listen.loopback() || auth.isPresent(),
        "auth",
        "is missing: a listener on a non-loopback address needs `auth`; \"auth\": {\"type\":"
            + " \"none\"} says so on purpose");
  }
}

package io.sluice.net;

import java.util.Optional;

/** An address cannot be listened on; the message says which and why. */
public final class CannotListenException extends RuntimeException {
  public CannotListenException(String host, int port, Throwable cause) {
    super("cannot listen on " + host + ":" + port + ": " + why(cause), cause);
  }

  private static String why(Throwable cause) {
    return Optional.ofNullable(cause.getMessage())
        .orElseGet(() -> cause.getClass().getSimpleName());
  }
}

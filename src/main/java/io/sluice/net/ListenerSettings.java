package io.sluice.net;

import java.time.Duration;
import java.util.Locale;

/**
 * What all routes of one address have to agree on.
 *
 * @param maxConnections how many connections at most, over all event loops
 * @param idleTimeout when a connection is closed on which nothing whole was received or sent; so
 *     also the longest a request's head may take
 * @param flushWithin how long a client may take to receive an answer
 */
public record ListenerSettings(int maxConnections, Duration idleTimeout, Duration flushWithin) {
  /** For operators, in their words. */
  @Override
  public String toString() {
    return "maxConnections %d, idleTimeout %s, flushWithin %s"
        .formatted(maxConnections, seconds(idleTimeout), seconds(flushWithin));
  }

  private static String seconds(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}

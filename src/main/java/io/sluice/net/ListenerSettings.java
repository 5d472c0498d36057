package io.sluice.net;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What all routes of one address have to agree on.
 *
 * @param maxConnections how many connections at most, over all event loops
 * @param maxConnectionsPerAddress how many of them from one client address
 * @param idleTimeout when a connection is closed on which nothing whole was received or sent; so
 *     also the longest a request's head may take
 * @param flushWithin how long a client may take to receive an answer
 * @param proxyProtocol who may say on whose behalf they connect; absent when nobody does
 * @param tls absent for none
 */
public record ListenerSettings(
    int maxConnections,
    int maxConnectionsPerAddress,
    Duration idleTimeout,
    Duration flushWithin,
    Optional<ProxyProtocol> proxyProtocol,
    Optional<TlsConfig> tls) {
  /** For operators, in their words. */
  @Override
  public String toString() {
    return "maxConnections %d, maxConnectionsPerAddress %d, idleTimeout %s, flushWithin %s, %s, %s"
        .formatted(
            maxConnections,
            maxConnectionsPerAddress,
            seconds(idleTimeout),
            seconds(flushWithin),
            proxyProtocol
                .map(proxies -> "proxyProtocol from " + String.join(" and ", proxies.trusted()))
                .orElse("no proxyProtocol"),
            tls.map(TlsConfig::toString).orElse("no tls"));
  }

  private static String seconds(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}

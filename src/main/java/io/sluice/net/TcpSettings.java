package io.sluice.net;

import java.util.Optional;

/**
 * How a TCP listener takes connections.
 *
 * @param maxConnections how many at most, over all event loops
 * @param maxConnectionsPerAddress how many of them from one client address
 * @param proxyProtocol who may say on whose behalf they connect; absent when nobody does
 * @param tls absent for none
 */
public record TcpSettings(
    int maxConnections,
    int maxConnectionsPerAddress,
    Optional<ProxyProtocol> proxyProtocol,
    Optional<TlsConfig> tls) {}

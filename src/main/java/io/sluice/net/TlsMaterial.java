package io.sluice.net;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What was in the files of a {@link TlsConfig} when they were read, checked. Immutable.
 *
 * @param keys certificates with their keys
 * @param trust authorities for client certificates
 */
record TlsMaterial(TlsConfig config, PemKeyCertOptions keys, PemTrustOptions trust) {
  private static final Set<String> PROTOCOLS = new LinkedHashSet<>(List.of("TLSv1.3", "TLSv1.2"));

  /** Those of RFC 9325 section 4.2, and ChaCha20 for machines without AES in hardware. */
  private static final List<String> SUITES =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_AES_128_GCM_SHA256",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  /** With which a server that does not listen yet is made. */
  void applyTo(NetServerOptions options, boolean http) {
    fill(options.setSsl(true).setUseAlpn(http).getSslOptions(), http);
  }

  /** With which a server that listens goes on, for connections made from then on. */
  ServerSSLOptions options(boolean http) {
    return fill(new ServerSSLOptions(), http);
  }

  private ServerSSLOptions fill(ServerSSLOptions options, boolean http) {
    options
        .setKeyCertOptions(keys)
        .setSni(sni())
        .setClientAuth(clientAuth())
        .setUseAlpn(http)
        .setEnabledSecureTransportProtocols(PROTOCOLS);
    SUITES.forEach(options::addEnabledCipherSuite);
    if (config.asksForCertificates()) {
      options.setTrustOptions(trust);
    }
    return http ? options.setApplicationLayerProtocols(List.of("h2", "http/1.1")) : options;
  }

  private boolean sni() {
    return !config.sni().isEmpty();
  }

  private ClientAuth clientAuth() {
    if (!config.asksForCertificates()) {
      return ClientAuth.NONE;
    }
    return config.clientAuth() == TlsConfig.ClientAuth.REQUIRED
        ? ClientAuth.REQUIRED
        : ClientAuth.REQUEST;
  }
}

package io.sluice.net;

import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Whom a client of ours trusts over TLS, and how it proves itself. The files are read once; names
 * of servers are always compared with their certificates.
 */
public final class ClientTls {
  /** Trusts whom this machine trusts, and shows no certificate. */
  public static final ClientTls DEFAULT = new ClientTls(Optional.empty(), Optional.empty());

  private static final char[] NO_PASSWORD = {};

  private final Optional<TrustManagerFactory> trust;
  private final Optional<KeyManagerFactory> keys;

  private ClientTls(Optional<TrustManagerFactory> trust, Optional<KeyManagerFactory> keys) {
    this.trust = trust;
    this.keys = keys;
  }

  /**
   * Reads PEM files; blocks.
   *
   * @param authorities whom to trust instead of those that this machine trusts
   * @param shown certificate and key to show to servers that ask
   * @throws BadTlsException when a file cannot be used
   */
  public static ClientTls read(Optional<Path> authorities, Optional<TlsConfig.Certificate> shown)
      throws BadTlsException {
    Optional<TrustManagerFactory> trust = Optional.empty();
    if (authorities.isPresent()) {
      trust = Optional.of(trusting(new TlsFiles.Named("authorities", authorities.get(), false)));
    }
    Optional<KeyManagerFactory> keys = Optional.empty();
    if (shown.isPresent()) {
      keys =
          Optional.of(
              showing(
                  new TlsFiles.Named("cert", shown.get().cert(), false),
                  new TlsFiles.Named("key", shown.get().key(), true)));
    }
    return new ClientTls(trust, keys);
  }

  private static TrustManagerFactory trusting(TlsFiles.Named file) throws BadTlsException {
    List<X509Certificate> all = TlsFiles.certificates(file, TlsFiles.bytes(file), Instant.now());
    try {
      KeyStore store = empty();
      for (int i = 0; i < all.size(); i++) {
        store.setCertificateEntry("authority-" + i, all.get(i));
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("certificates that could be read cannot be trusted", e);
    }
  }

  private static KeyManagerFactory showing(TlsFiles.Named cert, TlsFiles.Named key)
      throws BadTlsException {
    List<X509Certificate> chain = TlsFiles.certificates(cert, TlsFiles.bytes(cert), Instant.now());
    byte[] secret = TlsFiles.bytes(key);
    TlsFiles.match(chain.get(0), cert, secret, key);
    try {
      KeyStore store = empty();
      store.setKeyEntry(
          "client",
          PrivateKeys.read(new String(secret, StandardCharsets.ISO_8859_1)),
          NO_PASSWORD,
          chain.toArray(new Certificate[0]));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, NO_PASSWORD);
      return factory;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a key that fits its certificate cannot be used", e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  /** For sockets of the JDK. */
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keys.map(KeyManagerFactory::getKeyManagers).orElse(null),
          trust.map(TrustManagerFactory::getTrustManagers).orElse(null),
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this machine has no TLS", e);
    }
  }

  /** Has a client of Vert.x do the same. */
  public <T extends ClientOptionsBase> T secure(T options) {
    options.setSsl(true);
    trust.ifPresent(factory -> options.setTrustOptions(TrustOptions.wrap(factory)));
    keys.ifPresent(factory -> options.setKeyCertOptions(KeyCertOptions.wrap(factory)));
    return options;
  }
}

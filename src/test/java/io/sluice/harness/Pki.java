package io.sluice.harness;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority of our own, and what it signs, in memory and in files. */
public final class Pki {
  private final X509Bundle authority;

  public Pki() {
    this("CN=authority");
  }

  public Pki(String subject) {
    authority = made(builder(subject).setIsCertificateAuthority(true), null);
  }

  private static CertificateBuilder builder(String subject) {
    Instant now = Instant.now();
    return new CertificateBuilder()
        .algorithm(CertificateBuilder.Algorithm.ecp256)
        .notBefore(now.minus(Duration.ofDays(2)))
        .notAfter(now.plus(Duration.ofDays(2)))
        .subject(subject);
  }

  private static X509Bundle made(CertificateBuilder builder, X509Bundle issuer) {
    try {
      return issuer == null ? builder.buildSelfSigned() : builder.buildIssuedBy(issuer);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** A server's certificate for localhost and 127.0.0.1. */
  public X509Bundle server() {
    return server("localhost");
  }

  public X509Bundle server(String name) {
    return signed(
        "CN=" + name, builder -> builder.addSanDnsName(name).addSanIpAddress("127.0.0.1"));
  }

  /** A certificate with changes. */
  public X509Bundle signed(String subject, UnaryOperator<CertificateBuilder> changes) {
    return made(changes.apply(builder(subject)), authority);
  }

  public X509Bundle signed(String subject) {
    return signed(subject, same -> same);
  }

  /** The certificate of the authority, in a file. */
  public Path authority(Path directory) {
    return write(directory.resolve("ca.pem"), authority.getCertificatePEM());
  }

  /** Writes {@code NAME.pem} and {@code NAME.key}, which only this user can read. */
  public static void write(Path directory, String name, X509Bundle bundle) {
    write(directory.resolve(name + ".pem"), bundle.getCertificatePathPEM());
    Path key = write(directory.resolve(name + ".key"), bundle.getPrivateKeyPEM());
    try {
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path write(Path file, String text) {
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A client's context that trusts this authority. */
  public SSLContext client() {
    return context(null);
  }

  /** A client's context that trusts this authority and shows a certificate. */
  public SSLContext client(X509Bundle shown) {
    return context(shown);
  }

  private SSLContext context(X509Bundle shown) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("authority", authority.getCertificate());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      KeyManager[] keys = null;
      if (shown != null) {
        KeyManagerFactory own =
            KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(shown.toKeyStore("x".toCharArray()), "x".toCharArray());
        keys = own.getKeyManagers();
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust.getTrustManagers(), null);
      return context;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

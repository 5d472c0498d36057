package io.sluice.net;

import io.sluice.connector.Findings;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The files of a {@link TlsConfig}. Everything here blocks. */
public final class TlsFiles {
  private final TlsConfig config;

  public TlsFiles(TlsConfig config) {
    this.config = config;
  }

  /**
   * Says what is wrong with the files, if anything.
   *
   * @param below the key whose value the settings are, before the keys that are named
   */
  public void inspect(String below, Findings findings, Instant now) {
    try {
      read(now);
    } catch (BadTlsException bad) {
      findings.error(below + "/" + bad.key(), String.valueOf(bad.getMessage()));
      return;
    }
    for (Named file : files()) {
      if (file.secret() && readableByAll(file.path())) {
        findings.warning(below + "/" + file.key(), readable(file.path()));
      }
    }
  }

  static String readable(Path key) {
    return key + " can be read by every user of this machine; chmod 600 would be better";
  }

  /** A file and the key it is named under. */
  record Named(String key, Path path, boolean secret) {}

  List<Named> files() {
    List<Named> all = new ArrayList<>();
    List<TlsConfig.Certificate> certificates = config.certificates();
    for (int i = 0; i < certificates.size(); i++) {
      String below = i == 0 ? "" : "sni/" + (i - 1) + "/";
      all.add(new Named(below + "cert", certificates.get(i).cert(), false));
      all.add(new Named(below + "key", certificates.get(i).key(), true));
    }
    config.clientCa().ifPresent(path -> all.add(new Named("clientCa", path, false)));
    return all;
  }

  /** What tells one state of the files from another. A file that is not there is a state too. */
  List<String> state() {
    List<String> state = new ArrayList<>();
    for (Named file : files()) {
      try {
        BasicFileAttributes now = Files.readAttributes(file.path(), BasicFileAttributes.class);
        state.add(now.lastModifiedTime() + " " + now.size() + " " + now.fileKey());
      } catch (IOException gone) {
        state.add("gone");
      }
    }
    return state;
  }

  /**
   * Reads and checks the files.
   *
   * @throws BadTlsException when one is missing, is not what it should be, has expired, or does not
   *     fit its neighbour
   */
  TlsMaterial read(Instant now) throws BadTlsException {
    PemKeyCertOptions keys = new PemKeyCertOptions();
    PemTrustOptions trust = new PemTrustOptions();
    List<Named> files = files();
    for (int i = 0; i + 1 < files.size(); i += 2) {
      Named cert = files.get(i);
      Named key = files.get(i + 1);
      byte[] chain = bytes(cert);
      byte[] secret = bytes(key);
      match(certificates(cert, chain, now).get(0), cert, secret, key);
      keys.addCertValue(Buffer.buffer(chain)).addKeyValue(Buffer.buffer(secret));
    }
    if (config.clientCa().isPresent()) {
      Named authorities = files.get(files.size() - 1);
      byte[] bytes = bytes(authorities);
      certificates(authorities, bytes, now);
      trust.addCertValue(Buffer.buffer(bytes));
    }
    return new TlsMaterial(config, keys, trust);
  }

  static byte[] bytes(Named file) throws BadTlsException {
    try {
      return Files.readAllBytes(file.path());
    } catch (NoSuchFileException missing) {
      throw new BadTlsException(file.key(), file.path(), "is missing");
    } catch (IOException unreadable) {
      throw new BadTlsException(
          file.key(), file.path(), "cannot be read: " + unreadable.getClass().getSimpleName());
    }
  }

  static List<X509Certificate> certificates(Named file, byte[] pem, Instant now)
      throws BadTlsException {
    List<X509Certificate> all = new ArrayList<>();
    try {
      for (var each :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))) {
        all.add((X509Certificate) each);
      }
    } catch (CertificateException broken) {
      throw new BadTlsException(file.key(), file.path(), "has no certificates in PEM");
    }
    if (all.isEmpty()) {
      throw new BadTlsException(file.key(), file.path(), "has no certificates in PEM");
    }
    X509Certificate first = all.get(0);
    if (first.getNotAfter().toInstant().isBefore(now)) {
      throw new BadTlsException(
          file.key(), file.path(), "has expired at " + first.getNotAfter().toInstant());
    }
    if (first.getNotBefore().toInstant().isAfter(now)) {
      throw new BadTlsException(
          file.key(), file.path(), "is not valid before " + first.getNotBefore().toInstant());
    }
    return all;
  }

  static void match(X509Certificate certificate, Named cert, byte[] pem, Named key)
      throws BadTlsException {
    boolean match;
    try {
      PrivateKey secret = PrivateKeys.read(new String(pem, StandardCharsets.ISO_8859_1));
      match = PrivateKeys.match(secret, certificate.getPublicKey());
    } catch (GeneralSecurityException bad) {
      // Whatever is thrown elsewhere than in PrivateKeys may repeat what it read.
      String why = bad.getMessage();
      throw new BadTlsException(
          key.key(),
          key.path(),
          why != null && why.startsWith("has ") ? why : "has a private key that cannot be used");
    }
    if (!match) {
      throw new BadTlsException(
          key.key(), key.path(), "is not the key of the certificate in " + cert.path());
    }
  }

  static boolean readableByAll(Path file) {
    try {
      return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException notToBeKnown) {
      return false;
    }
  }
}

package io.sluice.net;

import io.sluice.config.Check;
import io.sluice.config.Key;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * TLS of a listener, as the operator writes it. TLS 1.2 and 1.3, suites with forward secrecy and
 * authenticated encryption only. The files are looked at again every few seconds; what was replaced
 * holds for connections made from then on.
 */
public record TlsConfig(
    @Key(doc = "File with the certificate and those that lead up to its authority, in PEM.")
        Path cert,
    @Key(doc = "File with the certificate's private key, in PEM, not encrypted.") Path key,
    @Key(doc = "Further certificates, chosen by the name a client asks for (SNI).")
        List<Certificate> sni,
    @Key(
            doc =
                "File with the authorities that sign client certificates, in PEM. With it, clients"
                    + " are asked for one.")
        Optional<Path> clientCa,
    @Key(
            doc =
                "Whether a client without a certificate is turned away in the handshake, or only by"
                    + " sources whose `auth` is mtls.",
            preset = "required")
        ClientAuth clientAuth) {
  /** A certificate and its key. */
  public record Certificate(
      @Key(doc = "File with the certificate and those that lead up to its authority, in PEM.")
          Path cert,
      @Key(doc = "File with the certificate's private key, in PEM, not encrypted.") Path key) {}

  /** Whether clients have to show a certificate. */
  public enum ClientAuth {
    /** Without one there is no connection. */
    REQUIRED,
    /** Those that have one show it. */
    WANTED
  }

  public TlsConfig {
    Check.that(
        clientAuth == ClientAuth.REQUIRED || clientCa.isPresent(),
        "clientAuth",
        "says how client certificates are asked for, which needs `clientCa`");
  }

  /** Every certificate, the one for clients that ask for no known name first. */
  List<Certificate> certificates() {
    List<Certificate> all = new ArrayList<>(1 + sni.size());
    all.add(new Certificate(cert, key));
    all.addAll(sni);
    return all;
  }

  /** For operators, in their words. */
  @Override
  public String toString() {
    StringBuilder words = new StringBuilder("tls with ");
    certificates().forEach(each -> words.append(each.cert()).append(" and "));
    return clientCa
        .map(ca -> words + "clientCa " + ca + " (" + clientAuth + ")")
        .orElseGet(() -> words + "no clientCa")
        .toLowerCase(Locale.ROOT);
  }

  /** Whether clients are asked for a certificate. */
  public boolean asksForCertificates() {
    return clientCa.isPresent();
  }
}

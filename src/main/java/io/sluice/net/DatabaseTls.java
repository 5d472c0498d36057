package io.sluice.net;

import io.sluice.config.Key;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.Optional;

/** TLS to a database, as the operator writes it. The server always has to show a certificate. */
public record DatabaseTls(
    @Key(
            doc =
                "What is looked at in the server's certificate: full, whether it is trusted and of"
                    + " the host in the URL, or ca, whether it is trusted.",
            preset = "full")
        Verify verify,
    @Key(
            doc =
                "File with the authorities that are trusted, in PEM. Without it, those of the Java"
                    + " runtime.")
        Optional<Path> ca) {
  /** What is looked at in a certificate. */
  public enum Verify {
    /** Who signed it, and whose it is. */
    FULL,
    /** Who signed it. */
    CA
  }

  /** What a client of the database is told. */
  ClientSSLOptions options() {
    ClientSSLOptions options = new ClientSSLOptions();
    options.setHostnameVerificationAlgorithm(verify == Verify.FULL ? "HTTPS" : "");
    ca.ifPresent(
        file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    return options;
  }
}

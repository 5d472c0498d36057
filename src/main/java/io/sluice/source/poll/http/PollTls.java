package io.sluice.source.poll.http;

import io.sluice.config.Check;
import io.sluice.config.Key;
import io.sluice.net.BadTlsException;
import io.sluice.net.ClientTls;
import io.sluice.net.TlsConfig;
import java.nio.file.Path;
import java.util.Optional;

/** Whom a poll trusts over TLS, and how it proves itself there. */
public record PollTls(
    @Key(
            doc =
                "File with the authorities to trust, in PEM, instead of those that this machine"
                    + " trusts.")
        Optional<Path> ca,
    @Key(doc = "File with the certificate to show to servers that ask for one, in PEM.")
        Optional<Path> cert,
    @Key(doc = "File with that certificate's private key, in PEM, not encrypted.")
        Optional<Path> key) {
  public PollTls {
    Check.that(cert.isPresent() == key.isPresent(), "key", "goes with cert, and cert with it");
  }

  /**
   * Reads the files; blocks.
   *
   * @throws BadTlsException when one cannot be used
   */
  ClientTls read() throws BadTlsException {
    return ClientTls.read(
        ca, cert.flatMap(shown -> key.map(secret -> new TlsConfig.Certificate(shown, secret))));
  }
}

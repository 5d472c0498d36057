package io.sluice.cli;

import io.sluice.cli.target.Protocol;
import io.sluice.cli.target.Target;
import io.sluice.net.BadTlsException;
import io.sluice.net.ClientTls;
import io.sluice.net.TlsConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The gateway that a command sends to. */
final class Destination {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init")
  private CommandSpec command;

  @Option(
      names = "--to",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080/v1/events",
      description =
          "Where to: http://, ws:// or tcp://, with TLS https://, wss:// or tcps:// (default:"
              + " ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  private URI to;

  @Option(
      names = "--header",
      paramLabel = "LINE",
      description = "A further header line, 'Name: value'; repeatable. There are none over TCP.")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      description = "Authorities to trust, in PEM; else those that this machine trusts.")
  private @Nullable Path authorities;

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      description = "Certificate to show, and what leads up to its authority, in PEM.")
  private @Nullable Path certificate;

  @Option(names = "--key", paramLabel = "FILE", description = "The certificate's key, in PEM.")
  private @Nullable Path key;

  /** Where to; wrong usage when that is no address, or its files cannot be used. */
  Target target() {
    try {
      Target target = Target.of(to, Target.secure(to) ? tls() : ClientTls.DEFAULT);
      if (target.protocol() == Protocol.TCP && !headers.isEmpty()) {
        throw wrong("over TCP there are no headers");
      }
      return target;
    } catch (IllegalArgumentException | BadTlsException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private ClientTls tls() throws BadTlsException {
    if ((certificate == null) != (key == null)) {
      throw wrong("--cert and --key need each other");
    }
    return ClientTls.read(
        Optional.ofNullable(authorities),
        certificate == null || key == null
            ? Optional.empty()
            : Optional.of(new TlsConfig.Certificate(certificate, key)));
  }

  /** Header lines, {@code Name: value}. */
  List<String> headers() {
    for (String header : headers) {
      if (header.indexOf(':') < 1 || header.chars().anyMatch(c -> c < ' ' || c > '~')) {
        throw wrong("a header is 'Name: value' in ASCII, not " + header);
      }
    }
    return headers;
  }

  ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}

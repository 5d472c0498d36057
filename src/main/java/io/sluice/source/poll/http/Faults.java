package io.sluice.source.poll.http;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.sluice.codec.Inflation;
import io.sluice.codec.RecordStream;
import io.sluice.connector.PollException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What becomes of a poll by what went wrong; told apart by types, never by texts. */
final class Faults {
  private static final String LIMITED = "too-many-requests";

  /** How long a host is left alone that had too many requests and does not say how long. */
  private static final Duration WHEN_UNSAID = Duration.ofMinutes(1);

  private Faults() {}

  /** What kept a request from being answered. */
  static Throwable connection(Throwable cause, URI url) {
    String who = Urls.authority(url);
    if (cause instanceof PollException) {
      return cause;
    } else if (cause instanceof DecoderException && cause.getCause() instanceof SSLException) {
      return connection(cause.getCause(), url);
    } else if (cause instanceof UnknownHostException) {
      return PollException.passing("dns", "the name of " + who + " cannot be looked up");
    } else if (cause instanceof SslHandshakeTimeoutException) {
      return PollException.passing("tls", who + " did not finish the TLS handshake in time");
    } else if (cause instanceof SSLException) {
      return tls(cause, who);
    } else if (cause instanceof ConnectTimeoutException || cause instanceof TimeoutException) {
      return PollException.passing("connect-timeout", who + " took no connection in time");
    } else if (cause instanceof NoRouteToHostException) {
      return PollException.passing("unreachable", "there is no way to " + who);
    } else if (cause instanceof ConnectException) {
      return PollException.passing("connect-refused", who + " refused the connection");
    } else if (cause instanceof DecoderException || cause instanceof IllegalArgumentException) {
      return PollException.passing("broken-http", "what " + who + " answers is no HTTP");
    } else if (cause instanceof IOException || isLost(cause)) {
      return PollException.passing("connection-lost", "the connection to " + who + " broke off");
    }
    return cause;
  }

  /** Whether a connection ended before an answer did. */
  static boolean isLost(Throwable cause) {
    return cause instanceof io.vertx.core.http.HttpClosedException
        || cause instanceof io.vertx.core.http.StreamResetException
        || (cause instanceof IOException
            && !(cause instanceof SSLException)
            && !(cause instanceof UnknownHostException)
            && !(cause instanceof ConnectException));
  }

  private static PollException tls(Throwable cause, String who) {
    for (Throwable each = cause; each != null; each = below(each)) {
      if (each instanceof CertificateExpiredException) {
        return PollException.lasting("tls-expired", "the certificate of " + who + " has expired");
      } else if (each instanceof CertificateNotYetValidException) {
        return PollException.lasting(
            "tls-expired", "the certificate of " + who + " is not valid yet");
      } else if (each.getClass() == CertificateException.class) {
        // What is wrong with the chain has classes of its own; this one is left for the name.
        return PollException.lasting(
            "tls-host", "the certificate of " + who + " is for another name");
      }
    }
    return PollException.lasting(
        "tls", "there is no TLS with " + who + ", or its certificate is not trusted");
  }

  private static @Nullable Throwable below(Throwable each) {
    return each.getCause() == each ? null : each.getCause();
  }

  /**
   * What an answer's status says, other than 200, 204 and 304.
   *
   * @param pause how long the upstream wants to be left alone
   * @param limited whether its fields say that a limit is used up
   */
  static PollException status(int status, Duration pause, boolean limited) {
    String answered = "answered " + status;
    PollException why =
        switch (status) {
          case 401 -> PollException.lasting("unauthorized", answered + ": no or wrong credentials");
          case 403 ->
              limited
                  ? PollException.passing(LIMITED, answered + ", the limit is used up")
                  : PollException.lasting("forbidden", answered + ": this is not allowed");
          case 404 -> PollException.lasting("not-found", answered + ": nothing is there");
          case 410 -> PollException.lasting("gone", answered + ": it is gone for good");
          case 408, 425 -> PollException.passing("server-error", answered);
          case 429 -> PollException.passing(LIMITED, answered);
          default ->
              status >= 500
                  ? PollException.passing("server-error", answered)
                  : status >= 400
                      ? PollException.lasting("bad-request", answered)
                      : status >= 300
                          ? PollException.lasting(
                              "redirect-refused", answered + ": redirects are not followed")
                          : PollException.lasting("bad-status", answered);
        };
    return why.pausing(why.reason().equals(LIMITED) && pause.isZero() ? WHEN_UNSAID : pause);
  }

  /** What is wrong with a body's content coding. */
  static PollException coding(Inflation.Failure failure, long maxBytes) {
    return failure.kind() == Inflation.Failure.Kind.TOO_LARGE
        ? tooLarge(maxBytes)
        : PollException.passing("broken-encoding", failure.detail());
  }

  static PollException tooLarge(long maxBytes) {
    return PollException.passing(
        "body-too-large", "an answer has more than the " + maxBytes + " bytes of maxBytes");
  }

  /** What is wrong with a body in which records are looked for. */
  static PollException body(RecordStream.Failure failure) {
    return switch (failure.flaw()) {
      case TOO_LARGE -> PollException.lasting("event-too-large", failure.detail());
      case MISSING -> PollException.passing("records-missing", failure.detail());
      default -> PollException.passing("broken-json", failure.detail());
    };
  }
}

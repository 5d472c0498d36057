package io.sluice.cli.target;

import io.sluice.net.ClientTls;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * An address to push to.
 *
 * @param url how it was named
 * @param protocol what is spoken
 * @param tls how it is secured; empty for not at all
 */
public record Target(URI url, Protocol protocol, Optional<ClientTls> tls) {

  /**
   * Reads an address whose scheme is {@code http}, {@code ws}, {@code tcp} or, with TLS, {@code
   * https}, {@code wss}, {@code tcps}.
   *
   * @param tls used where the scheme asks for it
   * @throws IllegalArgumentException with a sentence for the user
   */
  public static Target of(URI url, ClientTls tls) {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    boolean secure = secure(url);
    return Arrays.stream(Protocol.values())
        .filter(each -> each.scheme(secure).equals(scheme))
        .filter(each -> url.getHost() != null && (url.getPort() > 0 || each.port(secure) > 0))
        .findFirst()
        .map(each -> new Target(url, each, secure ? Optional.of(tls) : Optional.empty()))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the address must look like http://127.0.0.1:8080/v1/events,"
                        + " ws://127.0.0.1:8080/v1/live or tcp://127.0.0.1:9000 (https, wss and"
                        + " tcps with TLS), not "
                        + url));
  }

  /** Reads an address; with TLS, those are trusted whom this machine trusts. */
  public static Target of(URI url) {
    return of(url, ClientTls.DEFAULT);
  }

  /** Whether an address is one with TLS. */
  public static boolean secure(URI url) {
    return String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT).endsWith("s")
        && !"ws".equalsIgnoreCase(url.getScheme());
  }

  /** Name or address; an IPv6 address without brackets. */
  public String host() {
    String host = url.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** TCP port. */
  public int port() {
    return url.getPort() > 0 ? url.getPort() : protocol.port(tls.isPresent());
  }

  /** What the {@code Host} field says. */
  public String authority() {
    return url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort();
  }

  /** Path and query, as sent. */
  public String path() {
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
  }
}

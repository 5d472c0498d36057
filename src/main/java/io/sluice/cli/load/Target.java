package io.sluice.cli.load;

import java.net.URI;

/**
 * An HTTP address to drive.
 *
 * @param host name or address, an IPv6 address without brackets
 * @param port TCP port
 * @param authority what the {@code Host} field says
 * @param path path and query, as sent
 */
public record Target(String host, int port, String authority, String path) {

  /**
   * Reads an {@code http} URL.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  public static Target of(URI url) {
    if (!"http".equalsIgnoreCase(url.getScheme()) || url.getHost() == null) {
      throw new IllegalArgumentException(
          "the address must look like http://127.0.0.1:8080/v1/events, not " + url);
    }
    String host = url.getHost();
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return new Target(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        url.getPort() < 0 ? 80 : url.getPort(),
        url.getPort() < 0 ? host : host + ":" + url.getPort(),
        url.getRawQuery() == null ? path : path + "?" + url.getRawQuery());
  }
}

package io.sluice.cli.load;

import java.net.URI;

/**
 * An address to drive.
 *
 * @param host name or address, an IPv6 address without brackets
 * @param port TCP port
 * @param authority what the {@code Host} field says
 * @param path path and query, as sent; empty for TCP
 * @param tcp whether lines are sent over TCP, to a source with receipts; else HTTP is spoken
 */
public record Target(String host, int port, String authority, String path, boolean tcp) {

  /**
   * Reads an {@code http} or {@code tcp} URL.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  public static Target of(URI url) {
    boolean tcp = "tcp".equalsIgnoreCase(url.getScheme());
    boolean whole = url.getHost() != null && (!tcp || url.getPort() > 0);
    if (!whole || !(tcp || "http".equalsIgnoreCase(url.getScheme()))) {
      throw new IllegalArgumentException(
          "the address must look like http://127.0.0.1:8080/v1/events or tcp://127.0.0.1:9000,"
              + " not "
              + url);
    }
    String host = url.getHost();
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return new Target(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        url.getPort() < 0 ? 80 : url.getPort(),
        url.getPort() < 0 ? host : host + ":" + url.getPort(),
        tcp ? "" : url.getRawQuery() == null ? path : path + "?" + url.getRawQuery(),
        tcp);
  }

  /** How it was named. */
  public String url() {
    return (tcp ? "tcp://" : "http://") + authority + path;
  }
}

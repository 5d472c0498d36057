package io.sluice.config;

import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address with a port: {@code 127.0.0.1:8080}, {@code localhost:8080}, {@code [::1]:8080}. Never
 * looked up here.
 *
 * @param host a name or an address, an IPv6 one without brackets
 * @param port from 0 to 65535; a listener on 0 gets a free one
 */
@Text(
    what = "an address like 127.0.0.1:8080",
    pattern = "^(\\[[0-9A-Fa-f:.%]+\\]|[^\\s:/\\[\\]]+):[0-9]{1,5}$")
public record HostPort(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^\\s:/\\[\\]]+)):([0-9]{1,5})");

  public HostPort {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("must have a host before the port");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("must have a port from 0 to 65535");
    }
  }

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException when it is not written as described
   */
  public static HostPort parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "must be a host and a port, like 127.0.0.1:8080 or [::1]:8080");
    }
    String address = form.group(1);
    if (address != null && !NetUtil.isValidIpV6Address(address)) {
      throw new IllegalArgumentException("must have an IPv6 address between its brackets");
    }
    return new HostPort(address == null ? form.group(2) : address, Integer.parseInt(form.group(3)));
  }

  /** Whether only this machine can connect; a name other than {@code localhost} is taken as no. */
  public boolean loopback() {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
    return address != null && address.isLoopbackAddress();
  }

  public SocketAddress toSocketAddress() {
    return SocketAddress.inetSocketAddress(port, host);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}

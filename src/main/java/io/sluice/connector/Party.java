package io.sluice.connector;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Whom clients belong to, as far as shares and limits go: a principal where they prove one, else
 * the network they connect from, however many connections they open.
 */
public final class Party {
  /** Whoever did not have to prove anything. */
  private static final String ANONYMOUS = "anonymous";

  /** Of an IPv6 address; whoever has one address has all that begin alike. Bytes. */
  private static final int PREFIX = 8;

  private static final String LOCAL = "local";

  private Party() {}

  /**
   * The party of a client.
   *
   * @param principal empty when it is not known yet
   * @param address where it connects from, which counts when the principal is anonymous or not
   *     known; null without an IP address
   */
  public static String of(String principal, @Nullable String address) {
    return principal.isEmpty() || principal.equals(ANONYMOUS) ? network(address) : principal;
  }

  /** The network of an address: an IPv4 address, or the /64 of an IPv6 address. */
  public static String network(@Nullable String address) {
    if (address == null) {
      return LOCAL;
    }
    Inet6Address v6 = address.indexOf(':') < 0 ? null : NetUtil.getByName(address, false);
    return v6 == null ? address : Arrays.toString(Arrays.copyOf(v6.getAddress(), PREFIX));
  }
}

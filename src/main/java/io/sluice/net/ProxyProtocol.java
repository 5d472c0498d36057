package io.sluice.net;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import io.sluice.config.Check;
import io.sluice.config.Key;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Proxies in front of a listener that say, by the PROXY protocol version 1 or 2, for whom they
 * connect.
 */
public record ProxyProtocol(
    @Key(
            doc =
                "Addresses of the proxies, or blocks of them like 10.0.0.0/8; nobody else may"
                    + " connect, and nobody without the header.")
        List<String> trusted) {
  private static final int HEADER_SECONDS = 10;

  public ProxyProtocol {
    Check.that(!trusted.isEmpty(), "trusted", "must name at least one proxy");
    trusted = List.copyOf(trusted);
    for (String block : trusted) {
      Check.that(valid(block), "trusted", "must be addresses or blocks like 10.0.0.0/8");
    }
  }

  private static boolean valid(String block) {
    int slash = block.indexOf('/');
    String address = slash < 0 ? block : block.substring(0, slash);
    int bits =
        NetUtil.isValidIpV4Address(address) ? 32 : NetUtil.isValidIpV6Address(address) ? 128 : -1;
    return slash < 0
        ? bits > 0
        : block.substring(slash + 1).matches("[0-9]{1,3}")
            && Integer.parseInt(block.substring(slash + 1)) <= bits;
  }

  /** Whether a connection from this address may come with the header. */
  boolean trusts(SocketAddress peer) {
    String host = peer.hostAddress();
    if (host == null) {
      return false;
    }
    InetSocketAddress address = new InetSocketAddress(host, 0);
    return trusted.stream().anyMatch(block -> rule(block).matches(address));
  }

  private static IpSubnetFilterRule rule(String block) {
    int slash = block.indexOf('/');
    String address = slash < 0 ? block : block.substring(0, slash);
    int bits =
        slash >= 0
            ? Integer.parseInt(block.substring(slash + 1))
            : NetUtil.isValidIpV4Address(address) ? 32 : 128;
    return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
  }

  /** Makes the server wait for the header; without one in time it closes the connection. */
  static void ask(NetServerOptions options) {
    options
        .setUseProxyProtocol(true)
        .setProxyProtocolTimeout(HEADER_SECONDS)
        .setProxyProtocolTimeoutUnit(TimeUnit.SECONDS);
  }
}

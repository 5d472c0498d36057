package io.sluice.source.poll.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Which addresses are somebody's on the public internet, by the registries of RFC 6890. Addresses
 * that carry another one are as public as that.
 */
final class Addresses {
  /** A network: an address, and how many bits of it count. */
  private static final class Block {
    private final byte[] network;
    private final int bits;

    private Block(byte[] network, int bits) {
      this.network = network;
      this.bits = bits;
    }

    static Block of(String network, int bits) {
      try {
        return new Block(InetAddress.getByName(network).getAddress(), bits);
      } catch (UnknownHostException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    boolean holds(byte[] address) {
      if (address.length != network.length) {
        return false;
      }
      int whole = bits / 8;
      if (Arrays.mismatch(address, 0, whole, network, 0, whole) >= 0) {
        return false;
      }
      int rest = bits % 8;
      return rest == 0 || ((address[whole] ^ network[whole]) & 0xFF) >> (8 - rest) == 0;
    }
  }

  private static final Block[] CLOSED = {
    Block.of("0.0.0.0", 8),
    Block.of("10.0.0.0", 8),
    Block.of("100.64.0.0", 10),
    Block.of("127.0.0.0", 8),
    Block.of("169.254.0.0", 16),
    Block.of("172.16.0.0", 12),
    Block.of("192.0.0.0", 24),
    Block.of("192.0.2.0", 24),
    Block.of("192.88.99.0", 24),
    Block.of("192.168.0.0", 16),
    Block.of("198.18.0.0", 15),
    Block.of("198.51.100.0", 24),
    Block.of("203.0.113.0", 24),
    Block.of("224.0.0.0", 3),
    // Within the one eighth of all that is given out, 2000::/3.
    Block.of("2001::", 23),
    Block.of("2001:db8::", 32),
    Block.of("3fff::", 20),
  };

  private static final Block GIVEN_OUT = Block.of("2000::", 3);
  private static final Block NAT64 = Block.of("64:ff9b::", 96);
  private static final Block SIX_TO_FOUR = Block.of("2002::", 16);

  private Addresses() {}

  static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    for (Block closed : CLOSED) {
      if (closed.holds(bytes)) {
        return false;
      }
    }
    if (address instanceof Inet4Address) {
      return true;
    }
    if (NAT64.holds(bytes)) {
      return isPublic(inside(bytes, 12));
    }
    if (SIX_TO_FOUR.holds(bytes)) {
      return isPublic(inside(bytes, 2));
    }
    return GIVEN_OUT.holds(bytes) && (!isatap(bytes) || isPublic(inside(bytes, 12)));
  }

  /** RFC 5214: the host part is 0:5efe or 200:5efe and an IPv4 address. */
  private static boolean isatap(byte[] bytes) {
    return (bytes[8] & ~2) == 0 && bytes[9] == 0 && bytes[10] == 0x5E && bytes[11] == (byte) 0xFE;
  }

  private static InetAddress inside(byte[] bytes, int at) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, at, at + 4));
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}

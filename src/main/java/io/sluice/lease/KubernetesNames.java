package io.sluice.lease;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What Leases are called: a DNS label (RFC 1123 section 2.1) that begins like the names it is made
 * from, so that an operator finds it, and ends with 64 bits of their SHA-256, so that no two are
 * the same.
 */
final class KubernetesNames {
  private static final int HASH = 8;
  private static final int GROUP = 20;
  private static final int LONGEST = 63 - 1 - 2 * HASH;

  private KubernetesNames() {}

  /** The value of the label that all of a group have. */
  static String group(String group) {
    return named(plain(group, LONGEST), group);
  }

  /** The Lease of a source. */
  static String source(String group, String source) {
    return named(plain(group, GROUP) + "-" + plain(source, LONGEST), "source", group, source);
  }

  /** The Lease of a replica. */
  static String replica(String group, String identity) {
    String name = Identities.name(identity);
    return named(plain(group, GROUP) + "-" + plain(name, LONGEST), "replica", group, identity);
  }

  private static String plain(String text, int longest) {
    String plain = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String inner = plain.replaceAll("^-|-$", "");
    return inner.substring(0, Math.min(longest, inner.length()));
  }

  private static String named(String readable, String... parts) {
    String start = readable.substring(0, Math.min(LONGEST, readable.length()));
    // Of names without a letter or digit nothing is left that could stand first.
    String first = start.startsWith("-") || start.isEmpty() ? "s" + start : start;
    return first.substring(0, Math.min(LONGEST, first.length())) + "-" + hash(parts);
  }

  private static String hash(String... parts) {
    try {
      byte[] all = String.join("\n", parts).getBytes(StandardCharsets.UTF_8);
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(all);
      return HexFormat.of().formatHex(sum, 0, HASH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}

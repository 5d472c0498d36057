package io.sluice.source.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Tells bodies apart. */
final class Fingerprints {
  private Fingerprints() {}

  /** The same for the same bytes of the same type, another for others: SHA-256 of both. */
  static String of(String contentType, byte[] bytes, int length) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(contentType.getBytes(StandardCharsets.UTF_8));
      sha256.update((byte) 0);
      sha256.update(bytes, 0, length);
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }
}

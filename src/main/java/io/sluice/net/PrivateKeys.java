package io.sluice.net;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads private keys from PEM: PKCS#8, and the older forms of RSA (RFC 8017) and EC (RFC 5915). */
final class PrivateKeys {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----([^-]*)-----END \\1-----");
  private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");
  private static final byte[] VERSION = {2, 1, 0};
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int CURVE = 0xA0;

  private PrivateKeys() {}

  /**
   * The key in a PEM file.
   *
   * @throws GeneralSecurityException when there is none that can be read, in words for the operator
   */
  static PrivateKey read(String pem) throws GeneralSecurityException {
    Matcher found = PEM.matcher(pem);
    if (!found.find()) {
      throw new InvalidKeySpecException(
          pem.contains("ENCRYPTED") ? "has an encrypted key" : "has no private key in PEM");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(found.group(2));
    } catch (IllegalArgumentException notBase64) {
      throw new InvalidKeySpecException("has a private key that is no Base64", notBase64);
    }
    byte[] pkcs8 =
        switch (found.group(1)) {
          case "RSA PRIVATE KEY" -> wrapped(RSA, der);
          case "EC PRIVATE KEY" -> wrapped(tagged(SEQUENCE, joined(EC, curve(der))), der);
          default -> der;
        };
    for (String algorithm : List.of("RSA", "EC", "Ed25519", "Ed448")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException another) {
        // Not of this kind, then.
      }
    }
    throw new InvalidKeySpecException("has a private key that cannot be read");
  }

  /** Whether the two belong together: what one signs, the other verifies. */
  static boolean match(PrivateKey secret, PublicKey open) throws GeneralSecurityException {
    if (!algorithm(secret.getAlgorithm()).equals(algorithm(open.getAlgorithm()))) {
      return false;
    }
    byte[] text = {1, 2, 3};
    Signature signing = Signature.getInstance(algorithm(secret.getAlgorithm()));
    signing.initSign(secret);
    signing.update(text);
    byte[] signature = signing.sign();
    signing.initVerify(open);
    signing.update(text);
    return signing.verify(signature);
  }

  private static String algorithm(String key) {
    return switch (key) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> "EdDSA";
    };
  }

  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    return tagged(SEQUENCE, joined(VERSION, joined(algorithm, tagged(OCTETS, key))));
  }

  /** The curve's identifier, which an RFC 5915 key carries under a tag of its own. */
  private static byte[] curve(byte[] der) throws InvalidKeySpecException {
    for (int i = 0; i + 2 < der.length; i++) {
      int length = der[i + 1];
      boolean oid = (der[i] & 0xFF) == CURVE && der[i + 2] == 0x06;
      if (oid && length > 2 && i + 2 + length <= der.length && der[i + 3] == length - 2) {
        return Arrays.copyOfRange(der, i + 2, i + 2 + length);
      }
    }
    throw new InvalidKeySpecException("has an EC key that does not name its curve");
  }

  private static byte[] tagged(int tag, byte[] content) {
    int length = content.length;
    byte[] head =
        length < 0x80
            ? new byte[] {(byte) tag, (byte) length}
            : length < 0x100
                ? new byte[] {(byte) tag, (byte) 0x81, (byte) length}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    return joined(head, content);
  }

  private static byte[] joined(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }
}

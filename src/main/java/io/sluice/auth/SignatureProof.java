package io.sluice.auth;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Runs a body past an HMAC for each key that is live. All are compared with all that was sent, so
 * time does not tell which of them is near.
 */
final class SignatureProof implements BodyProof {
  private final SignatureScheme scheme;
  private final List<Mac> macs;
  private final List<byte[]> signatures;
  private final String id;
  private final Verdict sender;
  private String once = "";

  SignatureProof(
      SignatureScheme scheme,
      List<byte[]> keys,
      String before,
      List<byte[]> signatures,
      String id,
      Verdict sender) {
    this.scheme = scheme;
    this.macs = new ArrayList<>(keys.size());
    this.signatures = signatures;
    this.id = id;
    this.sender = sender;
    byte[] first = before.getBytes(StandardCharsets.UTF_8);
    for (byte[] key : keys) {
      Mac mac = mac(scheme.hash().algorithm(), key);
      mac.update(first);
      macs.add(mac);
    }
  }

  private static Mac mac(String algorithm, byte[] key) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JVM has " + algorithm, impossible);
    }
  }

  @Override
  public void add(Buffer bytes) {
    byte[] chunk = bytes.getBytes();
    macs.forEach(mac -> mac.update(chunk));
  }

  @Override
  public Verdict verdict() {
    boolean proved = false;
    // What it is remembered by is the same whichever of the keys it is signed with.
    String made = "";
    for (Mac mac : macs) {
      byte[] right = mac.doFinal();
      made = made.isEmpty() ? HexFormat.of().formatHex(right) : made;
      for (byte[] shown : signatures) {
        if (MessageDigest.isEqual(right, shown)) {
          proved = true;
        }
      }
    }
    once =
        switch (scheme.once()) {
          case ID -> id;
          case SIGNATURE -> made;
          case NOTHING -> "";
        };
    return proved ? sender : SignatureGuard.WRONG;
  }

  @Override
  public String once() {
    return once;
  }
}

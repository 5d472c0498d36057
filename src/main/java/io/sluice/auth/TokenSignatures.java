package io.sluice.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** Verifies signatures of tokens (RFC 7515, RFC 8037) with public keys. */
final class TokenSignatures {
  /** What stands before the 32 bytes of an Ed25519 key in its X.509 form (RFC 8410). */
  private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final int ED25519_BYTES = 32;

  private final DefaultJWSVerifierFactory verifiers = new DefaultJWSVerifierFactory();

  /** Whether the key made the signature. */
  boolean verify(SignedJWT token, JWK key) {
    try {
      if (token.getHeader().getAlgorithm().equals(JWSAlgorithm.EdDSA)) {
        return key instanceof OctetKeyPair pair && edwards(token, pair);
      }
      PublicKey open = ((AsymmetricJWK) key).toPublicKey();
      return token.verify(verifiers.createJWSVerifier(token.getHeader(), open));
    } catch (JOSEException | GeneralSecurityException unfit) {
      return false;
    }
  }

  /** By the JDK: the library would need another one for it. */
  private static boolean edwards(SignedJWT token, OctetKeyPair key)
      throws GeneralSecurityException {
    byte[] x = key.getDecodedX();
    if (!key.getCurve().getName().equals("Ed25519") || x.length != ED25519_BYTES) {
      return false;
    }
    byte[] encoded = new byte[ED25519.length + x.length];
    System.arraycopy(ED25519, 0, encoded, 0, ED25519.length);
    System.arraycopy(x, 0, encoded, ED25519.length, x.length);
    Signature signature = Signature.getInstance("Ed25519");
    signature.initVerify(
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
    signature.update(token.getSigningInput());
    return signature.verify(token.getSignature().decode());
  }
}

package io.sluice.auth;

import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;

/** Reads JSON Web Key Sets (RFC 7517). */
final class Jwks {
  /** No honest issuer comes near it. Bytes. */
  static final int MAX_BYTES = 256 << 10;

  private static final int MIN_RSA_BITS = 2048;

  private Jwks() {}

  /**
   * The keys in it that can verify: no symmetric ones, and no RSA keys that are too short.
   *
   * @throws IOException when there is none, in words for the operator
   */
  static JWKSet read(Buffer bytes) throws IOException {
    JWKSet all;
    try {
      all = JWKSet.parse(bytes.toString(StandardCharsets.UTF_8));
    } catch (ParseException broken) {
      // What it says may repeat what it read.
      throw new IOException("is no JSON Web Key Set");
    }
    List<JWK> usable = all.getKeys().stream().filter(Jwks::usable).map(JWK::toPublicJWK).toList();
    if (usable.isEmpty()) {
      throw new IOException("has no key that can verify a token");
    }
    return new JWKSet(usable);
  }

  private static boolean usable(JWK key) {
    return key instanceof AsymmetricJWK
        && !(key instanceof RSAKey rsa && rsa.size() < MIN_RSA_BITS);
  }
}

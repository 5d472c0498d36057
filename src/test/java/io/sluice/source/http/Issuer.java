package io.sluice.source.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Somebody who issues tokens, and publishes the keys for them on this machine. */
final class Issuer implements AutoCloseable {
  static final String NAME = "https://issuer.example.com";
  static final RSAKey RSA = rsa("rsa", 2048);
  static final ECKey EC = ec();
  static final KeyPair ED = ed();

  final AtomicInteger asked = new AtomicInteger();
  private final HttpServer server;
  private volatile String published;
  private volatile int status = 200;

  Issuer(JWK... keys) throws IOException {
    publish(keys);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/jwks",
        exchange -> {
          asked.incrementAndGet();
          byte[] body = published.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.start();
  }

  void publish(JWK... keys) {
    published = jwks(keys);
  }

  void answerWith(int code) {
    status = code;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks";
  }

  static String jwks(JWK... keys) {
    return new JWKSet(List.of(keys)).toString(true);
  }

  static RSAKey rsa(String id, int bits) {
    try {
      return new RSAKeyGenerator(bits, true).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ECKey ec() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair ed() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static OctetKeyPair edPublic() {
    byte[] encoded = ED.getPublic().getEncoded();
    byte[] x = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x)).keyID("ed").build();
  }

  /** The claims of a token in order, with changes. */
  static JWTClaimsSet claims(UnaryOperator<JWTClaimsSet.Builder> changes) {
    return changes
        .apply(
            new JWTClaimsSet.Builder()
                .issuer(NAME)
                .audience("sluice")
                .subject("ann")
                .claim("scope", "read push")
                .expirationTime(Date.from(Instant.now().plusSeconds(300))))
        .build();
  }

  static String token(UnaryOperator<JWTClaimsSet.Builder> changes) {
    return token(JWSAlgorithm.RS256, RSA, claims(changes));
  }

  static String token(JWSAlgorithm algorithm, JWK key, JWTClaimsSet claims) {
    return token(new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), key, claims);
  }

  static String token(JWSHeader header, JWK key, JWTClaimsSet claims) {
    try {
      SignedJWT token = new SignedJWT(header, claims);
      token.sign(signer(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JWSSigner signer(JWK key) throws JOSEException {
    return key instanceof RSAKey rsa
        ? new RSASSASigner(rsa)
        : key instanceof ECKey ec ? new ECDSASigner(ec) : new MACSigner(key.toOctetSequenceKey());
  }

  static String edToken(JWTClaimsSet claims) {
    try {
      JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.EdDSA).keyID("ed").build();
      SignedJWT token = new SignedJWT(header, claims);
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(ED.getPrivate());
      signature.update(token.getSigningInput());
      return new String(token.getSigningInput(), StandardCharsets.US_ASCII)
          + "."
          + Base64URL.encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

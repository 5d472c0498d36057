package io.sluice.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.PlainJWT;
import io.sluice.auth.Auth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens as clients show them. */
class JwtTest {
  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void publish() throws IOException {
    file = directory.resolve("jwks.json");
    Files.writeString(
        file, Issuer.jwks(Issuer.RSA.toPublicJWK(), Issuer.EC.toPublicJWK(), Issuer.edPublic()));
  }

  private static Auth.Jwt auth(String jwks, List<String> algorithms, Optional<String> scope) {
    return new Auth.Jwt(
        jwks,
        Issuer.NAME,
        List.of("sluice", "other"),
        algorithms,
        "sub",
        scope,
        Duration.ofSeconds(30),
        Duration.ofMinutes(5));
  }

  private PushServer server() {
    return server(auth(file.toString(), List.of(), Optional.empty()));
  }

  private static PushServer server(Auth.Jwt auth) {
    return PushServer.start(s -> s.auth = Optional.of(auth));
  }

  private static RawClient.Answer post(PushServer server, String token) {
    try (RawClient client = server.connect()) {
      return client.json("{}", "Authorization: Bearer " + token);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "EdDSA"})
  void takesATokenOfEachAlgorithm(String name) {
    JWSAlgorithm algorithm = JWSAlgorithm.parse(name);
    var claims = Issuer.claims(same -> same);
    String token =
        name.startsWith("Ed")
            ? Issuer.edToken(claims)
            : Issuer.token(algorithm, name.startsWith("E") ? Issuer.EC : Issuer.RSA, claims);
    try (PushServer server = server()) {
      assertThat(post(server, token).status()).isEqualTo(202);
      assertThat(post(server, token).status()).as("remembered").isEqualTo(202);
      assertThat(server.stream.batches().get(0).origin().principal()).isEqualTo("ann");
    }
  }

  @Test
  void challengesWhoShowsNoToken() {
    try (PushServer server = server();
        RawClient client = server.connect()) {
      RawClient.Answer answer = client.json("{}");
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("www-authenticate")).isEqualTo("Bearer realm=\"sluice\"");
    }
  }

  @Test
  void answers401ToWhatProvesNothing() throws Exception {
    String good = Issuer.token(same -> same);
    RSAKey stranger = Issuer.rsa("rsa", 2048);
    OctetSequenceKey confused =
        new OctetSequenceKey.Builder(Issuer.RSA.toRSAPublicKey().getEncoded()).keyID("rsa").build();
    var claims = Issuer.claims(same -> same);
    Map<String, String> bad = new TreeMap<>();
    bad.put("unsigned", new PlainJWT(claims).serialize());
    bad.put("a MAC with the public key", Issuer.token(JWSAlgorithm.HS256, confused, claims));
    bad.put("another's key", Issuer.token(JWSAlgorithm.RS256, stranger, claims));
    bad.put(
        "a key of its own",
        Issuer.token(
            new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(stranger.toPublicJWK()).build(),
            stranger,
            claims));
    bad.put(
        "critical words nobody knows",
        Issuer.token(
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("rsa")
                .criticalParams(Set.of("exp2"))
                .customParam("exp2", 1)
                .build(),
            Issuer.RSA,
            claims));
    bad.put("a changed claim", good.replaceFirst("\\.[^.]+\\.", ".e30."));
    bad.put("no token", "abc");
    bad.put("a long one", "a.".repeat(2000));
    bad.put("another issuer", Issuer.token(c -> c.issuer("https://evil.example.com")));
    bad.put("another audience", Issuer.token(c -> c.audience("somebody")));
    bad.put("no audience", Issuer.token(c -> c.audience((String) null)));
    bad.put("no end", Issuer.token(c -> c.expirationTime(null)));
    bad.put("no principal", Issuer.token(c -> c.subject(null)));
    try (PushServer server = server()) {
      bad.forEach(
          (what, token) -> {
            RawClient.Answer answer = post(server, token);
            assertThat(answer.status()).as(what).isEqualTo(401);
            assertThat(answer.header("www-authenticate")).contains("error=\"invalid_token\"");
            assertThat(answer.body()).as(what).contains("\"code\":\"wrong-credentials\"");
          });
      assertThat(server.stream.batches()).isEmpty();
    }
  }

  @Test
  void answers401ToATokenBeforeAndAfterItsTime() {
    Instant now = Instant.now();
    try (PushServer server = server()) {
      RawClient.Answer late =
          post(server, Issuer.token(c -> c.expirationTime(Date.from(now.minusSeconds(31)))));
      assertThat(late.status()).isEqualTo(401);
      assertThat(late.body()).contains("\"code\":\"expired-credentials\"");
      assertThat(late.header("www-authenticate")).contains("The token has expired.");
      RawClient.Answer early =
          post(server, Issuer.token(c -> c.notBeforeTime(Date.from(now.plusSeconds(60)))));
      assertThat(early.body()).contains("\"code\":\"expired-credentials\"");
      assertThat(
              post(server, Issuer.token(c -> c.expirationTime(Date.from(now.minusSeconds(20)))))
                  .status())
          .as("within the leeway")
          .isEqualTo(202);
    }
  }

  @Test
  void answers403WithoutTheScope() {
    try (PushServer server = server(auth(file.toString(), List.of(), Optional.of("push")))) {
      assertThat(post(server, Issuer.token(same -> same)).status()).isEqualTo(202);
      assertThat(
              post(server, Issuer.token(c -> c.claim("scope", null).claim("scp", List.of("push"))))
                  .status())
          .isEqualTo(202);
      RawClient.Answer answer = post(server, Issuer.token(c -> c.claim("scope", "pushy")));
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.header("www-authenticate"))
          .contains("error=\"insufficient_scope\"")
          .contains("scope=\"push\"");
    }
  }

  @Test
  void takesOnlyTheAlgorithmsOfTheConfiguration() {
    try (PushServer server = server(auth(file.toString(), List.of("ES256"), Optional.empty()))) {
      assertThat(post(server, Issuer.token(same -> same)).status()).isEqualTo(401);
    }
    for (String never : List.of("none", "HS256")) {
      assertThatThrownBy(() -> auth("x", List.of(never), Optional.empty()))
          .hasMessageContaining("unsigned tokens and shared keys are never taken");
    }
    assertThatThrownBy(() -> auth("http://issuer.example.com/jwks", List.of(), Optional.empty()))
        .hasMessageContaining("must have https:");
  }

  @Test
  void fetchesKeysOnceAndAgainWhenAnUnknownOneIsShown() throws IOException {
    RSAKey next = Issuer.rsa("next", 2048);
    try (Issuer issuer = new Issuer(Issuer.RSA.toPublicJWK());
        PushServer server = server(auth(issuer.url(), List.of(), Optional.empty()))) {
      for (int i = 0; i < 5; i++) {
        assertThat(post(server, Issuer.token(same -> same)).status()).isEqualTo(202);
      }
      assertThat(issuer.asked.get()).isEqualTo(1);

      issuer.publish(Issuer.RSA.toPublicJWK(), next.toPublicJWK());
      String fresh = Issuer.token(JWSAlgorithm.RS256, next, Issuer.claims(same -> same));
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> {
                int status = post(server, fresh).status();
                assertThat(status).as("never 429").isIn(202, 401, 503);
                return status == 202;
              });
      assertThat(issuer.asked.get()).as("however often it was shown").isEqualTo(2);
    }
  }

  @Test
  void answers503UntilTheFirstKeysAreThereAndKeepsThemWhileTheIssuerIsDown() throws IOException {
    try (Issuer issuer = new Issuer(Issuer.RSA.toPublicJWK())) {
      issuer.answerWith(500);
      try (PushServer server = server(auth(issuer.url(), List.of(), Optional.empty()))) {
        RawClient.Answer unsure = post(server, Issuer.token(same -> same));
        assertThat(unsure.status()).isEqualTo(503);
        assertThat(unsure.header("retry-after")).isEqualTo("1");

        issuer.answerWith(200);
        Awaitility.await()
            .atMost(Duration.ofSeconds(15))
            .until(() -> post(server, Issuer.token(same -> same)).status() == 202);
        issuer.answerWith(500);
        assertThat(post(server, Issuer.token(c -> c.subject("bob"))).status()).isEqualTo(202);
      }
    }
  }
}

package io.sluice.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.auth.Auth;
import io.sluice.config.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may push. */
class AuthTest {
  private static final Auth KEYS =
      new Auth.ApiKey(Map.of("mobile", Secret.parse("k-1"), "web", Secret.parse("k-2")));
  private static final Auth USERS = new Auth.Basic(Map.of("ann", Secret.parse("p:ä")));

  @ParameterizedTest
  @ValueSource(
      strings = {"X-Api-Key: k-2", "Authorization: Bearer k-2", "authorization: bearer  k-2"})
  void takesAnApiKeyAndKnowsItsPrincipal(String header) {
    try (PushServer server = PushServer.start(s -> s.auth = Optional.of(KEYS));
        RawClient client = server.connect()) {
      assertThat(client.json("{}", header).status()).isEqualTo(202);
      assertThat(server.stream.batches().get(0).origin().principal()).isEqualTo("web");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"A: b", "Authorization: Basic k-2"})
  void answers401WithoutAnApiKey(String header) {
    try (PushServer server = PushServer.start(s -> s.auth = Optional.of(KEYS));
        RawClient client = server.connect()) {
      RawClient.Answer answer = client.json("{}", header);

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("www-authenticate")).isEqualTo("Bearer realm=\"sluice\"");
      assertThat(answer.body()).contains("\"code\":\"unauthorized\"");
      assertThat(server.stream.batches()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Api-Key: k-3", "X-Api-Key:", "Authorization: Bearer k-22"})
  void answers401WithoutTheRightApiKey(String header) {
    try (PushServer server = PushServer.start(s -> s.auth = Optional.of(KEYS));
        RawClient client = server.connect()) {
      RawClient.Answer answer = client.json("{}", header);

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("www-authenticate"))
          .isEqualTo(
              "Bearer realm=\"sluice\", error=\"invalid_token\","
                  + " error_description=\"The credentials are not valid.\"");
      assertThat(answer.body()).contains("\"code\":\"wrong-credentials\"").doesNotContain("k-");
    }
  }

  @Test
  void anEmptySecretOrNameIsNoneThatAnybodyHas() {
    Map<String, Secret> empty = Map.of("mobile", Secret.parse(""));
    Map<String, Secret> unnamed = Map.of("", Secret.parse("k-1"));

    assertThatThrownBy(() -> new Auth.ApiKey(empty))
        .hasMessageContaining("empty secret for \"mobile\"");
    assertThatThrownBy(() -> new Auth.Basic(empty)).hasMessageContaining("empty secret");
    assertThatThrownBy(() -> new Auth.ApiKey(unnamed)).hasMessageContaining("empty name");
    assertThatThrownBy(() -> new Auth.Basic(unnamed)).hasMessageContaining("empty name");
  }

  @Test
  void takesANameAndItsPassword() {
    try (PushServer server = PushServer.start(s -> s.auth = Optional.of(USERS));
        RawClient client = server.connect()) {
      assertThat(client.json("{}", basic("ann:p:ä")).status()).isEqualTo(202);
      assertThat(server.stream.batches().get(0).origin().principal()).isEqualTo("ann");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ann:p", "bob:p:ä", "ann", ":", ""})
  void answers401WithoutTheRightPassword(String pair) {
    try (PushServer server = PushServer.start(s -> s.auth = Optional.of(USERS));
        RawClient client = server.connect()) {
      RawClient.Answer answer = client.json("{}", basic(pair));

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("www-authenticate")).startsWith("Basic realm=");
      assertThat(client.json("{}", "Authorization: Basic %%%").status()).isEqualTo(401);
    }
  }

  @Test
  void answers429ToWhoeverGuesses() {
    try (PushServer server = PushServer.start(s -> s.auth = Optional.of(KEYS))) {
      try (RawClient client = server.connect()) {
        for (int i = 0; i < 40; i++) {
          assertThat(client.json("{}").status()).as("without credentials").isEqualTo(401);
        }
        assertThat(client.json("{}", "X-Api-Key: k-1").status()).isEqualTo(202);
        for (int i = 0; i < 20; i++) {
          assertThat(client.json("{}", "X-Api-Key: k-3").status()).isEqualTo(401);
        }
        RawClient.Answer refused = client.json("{}", "X-Api-Key: k-1");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(1, 61);
        assertThat(refused.body()).contains("\"code\":\"too-many-failures\"");
        assertThat(client.closes()).isTrue();
      }
    }
  }

  @Test
  void refusesAnUnprovenRequestBeforeItsBody() {
    try (PushServer server = PushServer.start(s -> s.auth = Optional.of(KEYS));
        RawClient client = server.connect()) {
      client.send(
          RawClient.head(
              "Content-Type: application/json", "Content-Length: 500", "Expect: 100-continue"));

      assertThat(client.answer().status()).isEqualTo(401);
      assertThat(client.closes()).isTrue();
    }
  }

  @Test
  void refusesAnOpenListenerThatNobodyDecidedOn() {
    assertThatThrownBy(() -> Settings.with(s -> s.listen = "0.0.0.0:8080"))
        .hasMessageContaining("a listener on a non-loopback address needs `auth`");
    assertThat(
            Settings.with(
                s -> {
                  s.listen = "0.0.0.0:8080";
                  s.auth = Optional.of(new Auth.None());
                }))
        .isNotNull();
  }

  private static String basic(String pair) {
    byte[] bytes = pair.getBytes(StandardCharsets.UTF_8);
    return "Authorization: Basic " + Base64.getEncoder().encodeToString(bytes);
  }
}

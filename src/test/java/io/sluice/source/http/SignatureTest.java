package io.sluice.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import io.sluice.auth.Auth;
import io.sluice.auth.SignatureConfig;
import io.sluice.auth.SignaturePreset;
import io.sluice.config.Secret;
import io.sluice.source.FakeStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signed webhooks, the published vectors first. */
class SignatureTest {
  private static final String WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
  private static final String MESSAGE = "{\"test\": 2432232314}";
  private static final long SIGNED_AT = 1614265330;
  private static final String ID = "Webhook-Id: msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final String AT = "Webhook-Timestamp: " + SIGNED_AT;
  private static final String SIGNATURE =
      "Webhook-Signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  private static PushServer server(SignaturePreset preset, long now, String... secrets) {
    return server(preset, now, Optional.empty(), secrets);
  }

  private static PushServer server(
      SignaturePreset preset, long now, Optional<SignatureConfig> custom, String... secrets) {
    Auth auth =
        new Auth.Signature(
            preset,
            List.of(secrets).stream().map(Secret::parse).toList(),
            Optional.empty(),
            Duration.ofMinutes(5),
            custom);
    return PushServer.start(
        s -> s.auth = Optional.of(auth),
        new FakeStream(64 << 20),
        Clock.fixed(Instant.ofEpochSecond(now), ZoneOffset.UTC));
  }

  private static RawClient.Answer post(PushServer server, String body, String... headers) {
    try (RawClient client = server.connect()) {
      return client.send(RawClient.post("/v1/events", "text/plain", body, headers)).answer();
    }
  }

  private static String hmac(String secret, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void takesTheVectorOfGithub() {
    try (PushServer server = server(SignaturePreset.GITHUB, 0, "It's a Secret to Everybody")) {
      RawClient.Answer answer =
          post(
              server,
              "Hello, World!",
              "X-Hub-Signature-256:"
                  + " sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");

      assertThat(answer.status()).isEqualTo(202);
      assertThat(server.stream.batches().get(0).origin().principal()).isEqualTo("github");
    }
  }

  @Test
  void takesTheVectorOfSlack() {
    String body =
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
            + "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
            + "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
            + "%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
            + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    try (PushServer server =
        server(SignaturePreset.SLACK, 1531420618, "8f742231b10e8888abcd99yyyzzz85a5")) {
      RawClient.Answer answer =
          post(
              server,
              body,
              "X-Slack-Request-Timestamp: 1531420618",
              "X-Slack-Signature:"
                  + " v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");

      assertThat(answer.status()).isEqualTo(202);
    }
  }

  @Test
  void takesWhatIsSignedAsStripeSaysAndItsOldSchemeNot() {
    String right = hmac("whsec_test", "1492774577.{\"a\":1}");
    try (PushServer server = server(SignaturePreset.STRIPE, 1492774600, "whsec_test")) {
      assertThat(post(server, "{\"a\":1}", "Stripe-Signature: t=1492774577,v1=" + right).status())
          .isEqualTo(202);
      assertThat(
              post(
                      server,
                      "{\"a\":1}",
                      "Stripe-Signature: t=1492774577,v0=" + right + ",v1=" + right)
                  .status())
          .as("the same signature is the same message")
          .isEqualTo(202);
      assertThat(server.stream.batches()).hasSize(1);
      assertThat(post(server, "{\"a\":1}", "Stripe-Signature: t=1492774577,v0=" + right).body())
          .contains("signature-version");
      assertThat(post(server, "{\"a\":1}", "Stripe-Signature: v1=" + right).body())
          .contains("signature-missing");
      assertThat(post(server, "{\"a\":2}", "Stripe-Signature: t=1492774577,v1=" + right).body())
          .contains("signature-wrong");
    }
  }

  @Test
  void knowsARepetitionThatShowsOnlyOneOfTwoSignatures() {
    String old = "v1=" + hmac("whsec_old", "1492774577.{\"a\":1}");
    String young = "v1=" + hmac("whsec_new", "1492774577.{\"a\":1}");
    try (PushServer server = server(SignaturePreset.STRIPE, 1492774600, "whsec_old", "whsec_new")) {
      for (String shown : List.of(old + "," + young, old, young)) {
        assertThat(post(server, "{\"a\":1}", "Stripe-Signature: t=1492774577," + shown).status())
            .isEqualTo(202);
      }

      assertThat(server.stream.batches()).hasSize(1);
    }
  }

  @Test
  void takesTheVectorOfStandardWebhooks() {
    try (PushServer server = server(SignaturePreset.STANDARD_WEBHOOKS, SIGNED_AT, WHSEC)) {
      assertThat(post(server, MESSAGE, ID, AT, SIGNATURE).status()).isEqualTo(202);
      assertThat(server.stream.batches().get(0).origin().principal())
          .isEqualTo("standard-webhooks");
    }
  }

  @Test
  void takesWhatTheLibraryOfStandardWebhooksSigns() throws Exception {
    String signed = new Webhook(OTHER).sign("msg_1", SIGNED_AT, MESSAGE);
    try (PushServer server = server(SignaturePreset.STANDARD_WEBHOOKS, SIGNED_AT, WHSEC, OTHER)) {
      assertThat(
              post(server, MESSAGE, "webhook-id: msg_1", AT, "webhook-signature: " + signed)
                  .status())
          .as("the second of two live secrets")
          .isEqualTo(202);
      assertThat(
              post(
                      server,
                      MESSAGE,
                      "webhook-id: msg_1",
                      AT,
                      "webhook-signature: v1a,xx v1,AAAA " + signed)
                  .status())
          .as("several signatures, others of which mean nothing here")
          .isEqualTo(202);
    }
  }

  @Test
  void answersARepeatedIdWithTheFirstResultAndStoresItOnce() throws Exception {
    String later = new Webhook(WHSEC).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", SIGNED_AT + 60, MESSAGE);
    try (PushServer server = server(SignaturePreset.STANDARD_WEBHOOKS, SIGNED_AT + 60, WHSEC)) {
      RawClient.Answer first = post(server, MESSAGE, ID, AT, SIGNATURE);
      RawClient.Answer replayed = post(server, MESSAGE, ID, AT, SIGNATURE);
      RawClient.Answer retried =
          post(
              server,
              MESSAGE,
              ID,
              "Webhook-Timestamp: " + (SIGNED_AT + 60),
              "Webhook-Signature: " + later);

      assertThat(List.of(first.status(), replayed.status(), retried.status())).containsOnly(202);
      assertThat(replayed.body()).isEqualTo(first.body());
      assertThat(server.stream.batches()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, signature-missing, 0",
    "2, signature-missing, 0",
    "3, signature-missing, 0",
    "0, signature-expired, 301",
    "0, signature-expired, -301",
    "4, signature-wrong, 0",
    "5, signature-version, 0",
    "6, signature-malformed, 0",
    "7, signature-malformed, 0",
    "8, signature-wrong, 0"
  })
  void answers401ToEachFaultWithACodeOfItsOwn(int fault, String code, long late) {
    String id = fault == 8 ? "Webhook-Id: msg_other" : ID;
    String at = fault == 7 ? "Webhook-Timestamp: yesterday" : AT;
    String signature =
        switch (fault) {
          case 4 -> SIGNATURE.replace("g0hM", "g0hN");
          case 5 -> SIGNATURE.replace("v1,", "v2,");
          case 6 -> "Webhook-Signature: v1,%%%";
          default -> SIGNATURE;
        };
    try (PushServer server = server(SignaturePreset.STANDARD_WEBHOOKS, SIGNED_AT + late, WHSEC)) {
      RawClient.Answer answer =
          post(
              server,
              MESSAGE,
              fault == 1 ? "A: b" : id,
              fault == 2 ? "A: b" : at,
              fault == 3 ? "A: b" : signature);

      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("www-authenticate")).isEqualTo("Signature realm=\"sluice\"");
      assertThat(answer.body()).contains("\"code\":\"" + code + "\"").doesNotContain("whsec");
      assertThat(server.stream.batches()).isEmpty();
    }
  }

  @Test
  void refusesWhatTheHeadShowsToBeWrongBeforeTheBody() {
    try (PushServer server = server(SignaturePreset.STANDARD_WEBHOOKS, 0, WHSEC);
        RawClient client = server.connect()) {
      client.send(RawClient.head("Content-Length: 500", "Expect: 100-continue", ID, AT, SIGNATURE));

      assertThat(client.answer().status()).as("expired").isEqualTo(401);
      assertThat(client.closes()).isTrue();
    }
  }

  @Test
  void stopsLookingAfter20ForgedBodies() {
    try (PushServer server = server(SignaturePreset.STANDARD_WEBHOOKS, SIGNED_AT, WHSEC)) {
      for (int i = 0; i < 20; i++) {
        assertThat(post(server, MESSAGE + i, ID, AT, SIGNATURE).status()).isEqualTo(401);
      }
      assertThat(post(server, MESSAGE, ID, AT, SIGNATURE).status()).isEqualTo(429);
    }
  }

  @Test
  void takesAFormOfItsOwnAndBodiesInChunks() {
    SignatureConfig custom =
        new SignatureConfig(
            "X-Sign",
            Optional.of("s="),
            SignatureConfig.Encoding.HEX,
            SignatureConfig.Hash.SHA256,
            Optional.of("X-Time"),
            Optional.empty(),
            "{timestamp}|{body}");
    String right = "X-Sign: s=" + hmac("k", "100|ab");
    try (PushServer server = server(SignaturePreset.CUSTOM, 100, Optional.of(custom), "k");
        RawClient client = server.connect()) {
      client.send(RawClient.head("Transfer-Encoding: chunked", "X-Time: 100", right));
      client.send("1\r\na\r\n").send("1\r\nb\r\n0\r\n\r\n");

      assertThat(client.answer().status()).isEqualTo(202);
      assertThat(server.stream.batches().get(0).origin().principal()).isEqualTo("custom");
    }
  }

  @Test
  void refusesSettingsThatProveNothing() {
    assertThatThrownBy(
            () ->
                new SignatureConfig(
                    "X-Sign",
                    Optional.empty(),
                    SignatureConfig.Encoding.HEX,
                    SignatureConfig.Hash.SHA256,
                    Optional.of("X-Time"),
                    Optional.empty(),
                    "{body}"))
        .hasMessageContaining("what is not signed proves nothing");
    assertThatThrownBy(() -> server(SignaturePreset.STANDARD_WEBHOOKS, 0, "whsec_c4n4ry%").close())
        .hasMessageContaining("not whsec_ and Base64")
        .message()
        .doesNotContain("c4n4ry");
  }
}

package io.sluice.source.poll.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.harness.Loop;
import io.sluice.harness.SluiceExtension;
import io.sluice.source.poll.FakeIntake;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who asks. */
@ExtendWith(SluiceExtension.class)
class TokensTest {
  private final FakeIntake intake = FakeIntake.usual();
  private final Hands clock = new Hands();
  private Api server;
  private Api api;

  /** A clock that is put forward. */
  private static final class Hands extends Clock {
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  @BeforeEach
  void start(Vertx vertx) {
    AtomicInteger number = new AtomicInteger();
    server =
        Api.of(
            vertx,
            request ->
                Api.json(
                    request,
                    "{\"access_token\":\"t"
                        + number.incrementAndGet()
                        + "\",\"token_type\":\"bearer\",\"expires_in\":3600}"));
    api = Api.json(vertx, "[1]");
  }

  @AfterEach
  void undeploy(Vertx vertx) {
    Loop.undeployAll(vertx);
  }

  private HttpPolling polling(Vertx vertx, String auth) {
    String json = "\"url\": \"http://127.0.0.1:PORT/\", \"auth\": {" + auth + "}";
    return new HttpPolling(vertx, clock, Resolver.of(vertx), api.port(), json);
  }

  private String oauth(String more) {
    return "\"type\": \"oauth2\", \"tokenUrl\": \"http://127.0.0.1:"
        + server.port()
        + "/token\", \"clientId\": \"me:1\", \"clientSecret\": \"s&e\""
        + more;
  }

  @Test
  void passwordsAndTokensThatStayTheSameGoWithEachRequest(Vertx vertx) {
    String basic = "\"type\": \"basic\", \"user\": \"ann\", \"password\": \"p:ü\"";
    try (HttpPolling orders = polling(vertx, basic)) {
      orders.poll(intake);
      byte[] both = "ann:p:ü".getBytes(StandardCharsets.UTF_8);
      assertThat(api.last().header("authorization"))
          .isEqualTo("Basic " + Base64.getEncoder().encodeToString(both));
    }
    FakeIntake other = FakeIntake.usual();
    try (HttpPolling orders = polling(vertx, "\"type\": \"bearer\", \"token\": \"abc\"")) {
      orders.poll(other);
      assertThat(api.last().header("authorization")).isEqualTo("Bearer abc");
    }
  }

  @Test
  void aTokenIsUsedUntilShortlyBeforeItExpires(Vertx vertx) {
    String more = ", \"scope\": [\"a\", \"b\"], \"parameters\": {\"audience\": \"x y\"}";
    try (HttpPolling orders = polling(vertx, oauth(more))) {
      orders.poll(intake);
      orders.poll(intake);
      clock.now = clock.now.plus(Duration.ofSeconds(3530));
      orders.poll(intake);
      assertThat(server.asked()).hasSize(1);
      assertThat(api.last().header("authorization")).isEqualTo("Bearer t1");

      clock.now = clock.now.plus(Duration.ofSeconds(20));
      orders.poll(intake);
      assertThat(server.asked()).hasSize(2);
      assertThat(api.last().header("authorization")).isEqualTo("Bearer t2");
      assertThat(server.last().body())
          .isEqualTo("grant_type=client_credentials&scope=a%20b&audience=x%20y");
      assertThat(server.last().header("authorization"))
          .isEqualTo(
              "Basic "
                  + Base64.getEncoder()
                      .encodeToString("me%3A1:s%26e".getBytes(StandardCharsets.UTF_8)));
      assertThat(orders.context().ended()).hasSize(6);
    }
  }

  @Test
  void theClientCanProveItselfInTheBody(Vertx vertx) {
    try (HttpPolling orders = polling(vertx, oauth(", \"sendIn\": \"body\""))) {
      orders.poll(intake);

      assertThat(server.last().body())
          .isEqualTo("grant_type=client_credentials&client_id=me%3A1&client_secret=s%26e");
      assertThat(server.last().header("authorization")).isNull();
    }
  }

  @Test
  void aTokenThatIsRefusedIsAskedForAnewOnce(Vertx vertx) {
    api.answering(
        request -> {
          if (request.getHeader("authorization").equals("Bearer t2")) {
            Api.json(request, "[1]");
          } else {
            request.response().setStatusCode(401).end();
          }
        });
    try (HttpPolling orders = polling(vertx, oauth(""))) {
      orders.poll(intake);
      assertThat(api.asked()).hasSize(2);
      assertThat(intake.count()).isEqualTo(1);

      api.answering(request -> request.response().setStatusCode(401).end());
      assertThat(orders.reason(intake)).isEqualTo("unauthorized");
      assertThat(server.asked()).hasSize(3);
      assertThat(api.asked()).hasSize(4);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400|{\"error\":\"invalid_client\"}|unauthorized",
        "401||unauthorized",
        "200|{\"token_type\":\"mac\",\"access_token\":\"x\"}|unauthorized",
        "200|<html>|unauthorized",
        "200|{\"access_token\":\"a\\r\\nb\"}|unauthorized",
        "302||redirect-refused",
        "503||server-error"
      })
  void whatKeepsATokenFromComingIsNamed(int status, String body, String reason, Vertx vertx) {
    server.answering(
        request ->
            Api.json(
                request.response().setStatusCode(status) == null ? null : request,
                body == null ? "" : body));
    try (HttpPolling orders = polling(vertx, oauth(""))) {
      assertThat(orders.reason(intake)).isEqualTo(reason);
      assertThat(api.asked()).isEmpty();
    }
  }

  @Test
  void anEndlessTokenIsGivenUp(Vertx vertx) {
    server.answering(request -> Api.json(request, "x".repeat(200_000)));
    try (HttpPolling orders = polling(vertx, oauth(""))) {
      assertThat(orders.reason(intake)).isEqualTo("body-too-large");
    }
  }
}

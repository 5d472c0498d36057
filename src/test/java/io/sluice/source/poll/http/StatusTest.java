package io.sluice.source.poll.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.PollException;
import io.sluice.connector.Polled;
import io.sluice.harness.Loop;
import io.sluice.harness.SluiceExtension;
import io.sluice.source.poll.FakeIntake;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an answer says beside its body. */
@ExtendWith(SluiceExtension.class)
class StatusTest {
  private static final String URL = "\"url\": \"http://127.0.0.1:PORT/\"";
  private static final Instant NOW = Instant.parse("2026-11-06T08:49:37Z");

  private final FakeIntake intake = FakeIntake.usual();

  @AfterEach
  void undeploy(Vertx vertx) {
    Loop.undeployAll(vertx);
  }

  private static Api answering(Vertx vertx, int status, String... headers) {
    return Api.of(
        vertx,
        request -> {
          request.response().setStatusCode(status);
          for (int i = 0; i < headers.length; i += 2) {
            request.response().putHeader(headers[i], headers[i + 1]);
          }
          Api.json(request, status == 204 || status == 304 ? "" : "[]");
        });
  }

  private PollException failure(Vertx vertx, Api api) {
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), URL)) {
      return orders.failure(intake);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "300,redirect-refused,true",
    "301,redirect-refused,true",
    "307,redirect-refused,true",
    "304,redirect-refused,true",
    "400,bad-request,true",
    "401,unauthorized,true",
    "403,forbidden,true",
    "404,not-found,true",
    "408,server-error,false",
    "410,gone,true",
    "429,too-many-requests,false",
    "500,server-error,false",
    "503,server-error,false",
    "206,bad-status,true"
  })
  void eachHasAReasonOfItsOwn(int status, String reason, boolean lasting, Vertx vertx) {
    Api other = Api.json(vertx, "[1]");
    Api api = answering(vertx, status, "location", "http://127.0.0.1:" + other.port() + "/");

    PollException failure = failure(vertx, api);

    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.isLasting()).isEqualTo(lasting);
    assertThat(failure.getMessage()).contains(Integer.toString(status));
    assertThat(api.asked()).hasSize(1);
    assertThat(other.asked()).as("where a redirect leads").isEmpty();
  }

  @Test
  void tooManyRequestsWithoutAPauseIsAMinute(Vertx vertx) {
    assertThat(failure(vertx, answering(vertx, 429)).pause()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void noContentIsNothingNew(Vertx vertx) {
    Api api = answering(vertx, 204);
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), URL)) {
      assertThat(orders.poll(intake)).isEqualTo(Polled.all(io.sluice.connector.Step.NONE));
    }
  }

  @Test
  void aPauseThatIsAskedForIsPassedOnToTheHostAndThePoll(Vertx vertx) {
    Api limited = answering(vertx, 429, "retry-after", "17");
    try (HttpPolling orders = new HttpPolling(vertx, limited.port(), URL)) {
      assertThat(orders.failure(intake).pause()).isEqualTo(Duration.ofSeconds(17));
      assertThat(orders.context().ended().get(0).pause()).isEqualTo(Duration.ofSeconds(17));
      assertThat(orders.context().ended().get(0).host()).isEqualTo("127.0.0.1:" + limited.port());
    }
    Api used = answering(vertx, 200, "ratelimit", "\"day\";r=3;t=99, \"minute\";r=0;t=12");
    try (HttpPolling orders = new HttpPolling(vertx, used.port(), URL)) {
      assertThat(orders.poll(intake).pause()).isEqualTo(Duration.ofSeconds(12));
    }
    Api hidden = answering(vertx, 403, "x-ratelimit-remaining", "0", "x-ratelimit-reset", "60");
    PollException failure = failure(vertx, hidden);
    assertThat(failure.reason()).isEqualTo("too-many-requests");
    assertThat(failure.pause()).isEqualTo(Duration.ofSeconds(60));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "retry-after|120|120",
        "retry-after|0|0",
        "retry-after|86400|3600",
        "retry-after|Fri, 06 Nov 2026 08:50:07 GMT|30",
        "retry-after|Friday, 06-Nov-26 08:50:07 GMT|30",
        "retry-after|Fri Nov  6 08:50:07 2026|30",
        "retry-after|Fri, 06 Nov 2026 08:00:00 GMT|0",
        "retry-after|Sat, 06 Nov 2027 08:00:00 GMT|3600",
        "retry-after|soon|0",
        "retry-after|-5|0",
        "retry-after|99999999999999999999|0",
        "ratelimit|limit=10;r=0;t=5|5",
        "ratelimit|\"a\";r=1;t=5|0"
      })
  void pausesAreReadInEveryForm(String header, String text, long seconds) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().add(header, text);

    assertThat(Pauses.of(headers, NOW).pause()).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void aLimitThatIsUsedUpPausesUntilItsReset() {
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap()
            .add("X-RateLimit-Remaining", "0")
            .add("X-RateLimit-Reset", Long.toString(NOW.getEpochSecond() + 90));
    assertThat(Pauses.of(headers, NOW).pause()).isEqualTo(Duration.ofSeconds(90));

    headers.set("X-RateLimit-Remaining", "1");
    assertThat(Pauses.of(headers, NOW).limited()).isFalse();

    headers.set("RateLimit-Remaining", "0").set("RateLimit-Reset", "8");
    assertThat(Pauses.of(headers, NOW).pause()).isEqualTo(Duration.ofSeconds(8));
  }
}

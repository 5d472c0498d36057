package io.sluice.source.poll.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Polled;
import io.sluice.harness.Loop;
import io.sluice.harness.SluiceExtension;
import io.sluice.source.poll.FakeIntake;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How far an API was read, in every way that an answer can say it. */
@ExtendWith(SluiceExtension.class)
class CursorTest {
  private final FakeIntake intake = FakeIntake.usual();

  @AfterEach
  void undeploy(Vertx vertx) {
    Loop.undeployAll(vertx);
  }

  private Map<String, String> cursor() {
    return intake.cursor().parts();
  }

  @Test
  void goesToTheGreatestValueAndIsPartOfTheNextUrl(Vertx vertx) {
    Api api =
        Api.json(
            vertx,
            "{\"items\":[{\"at\":\"2026-01-01T10:00:00+02:00\"},"
                + "{\"at\":\"2026-01-01T08:30:00.5Z\"},{\"at\":\"2026-01-01T08:00:00Z\"}]}");
    String json =
        "\"url\": \"http://127.0.0.1:PORT/orders?since={cursor}&x=1\", \"records\": \"/items\","
            + " \"cursor\": {\"max\": \"/at\", \"initial\": \"a b&c\"}";
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), json)) {
      Polled polled = orders.poll(intake);

      assertThat(polled.more()).isFalse();
      assertThat(intake.count()).isEqualTo(3);
      assertThat(cursor()).isEqualTo(Map.of("cursor", "2026-01-01T08:30:00.5Z"));

      api.answering(request -> Api.json(request, "{\"items\":[]}"));
      orders.poll(intake);

      assertThat(api.uris())
          .containsExactly(
              "/orders?since=a%20b%26c&x=1", "/orders?since=2026-01-01T08%3A30%3A00.5Z&x=1");
      assertThat(cursor()).isEqualTo(Map.of("cursor", "2026-01-01T08:30:00.5Z"));
    }
  }

  @Test
  void comparesNumbersAsNumbers(Vertx vertx) {
    Api api = Api.json(vertx, "[{\"n\":9},{\"n\":\"10\"},{\"n\":1e1},{\"n\":-11}]");
    String json =
        "\"url\": \"http://127.0.0.1:PORT/?n={cursor}\", \"cursor\": {\"max\": \"/n\", \"full\":"
            + " 4}";
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), json)) {
      assertThat(orders.poll(intake).more()).isTrue();
      assertThat(cursor()).isEqualTo(Map.of("cursor", "10"));
      assertThat(orders.poll(intake).more()).as("nothing behind it").isFalse();
    }
  }

  @Test
  void isAValueBesideTheRecordsAndPartOfABody(Vertx vertx) {
    Api api = Api.json(vertx, "{\"items\":[1],\"next\":\"a\\\"b\"}");
    String json =
        "\"url\": \"http://127.0.0.1:PORT/q\", \"method\": \"POST\", \"records\": \"/items\","
            + " \"body\": \"{\\\"after\\\":\\\"{cursor}\\\"}\", \"cursor\": {\"next\": \"/next\"}";
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), json)) {
      assertThat(orders.poll(intake).more()).as("there may be more").isTrue();
      api.answering(request -> Api.json(request, "{\"next\":null,\"items\":[]}"));
      assertThat(orders.poll(intake).more()).isFalse();

      assertThat(api.asked().get(0).body()).isEqualTo("{\"after\":\"\"}");
      assertThat(api.last().body()).isEqualTo("{\"after\":\"a\\\"b\"}");
      assertThat(api.last().header("content-type")).isEqualTo("application/json");
      assertThat(cursor()).isEqualTo(Map.of("cursor", "a\"b"));
    }
  }

  @Test
  void isAHeaderOfTheAnswerAndOfTheNextRequest(Vertx vertx) {
    Api api =
        Api.of(
            vertx,
            request -> {
              request.response().putHeader("X-Position", "p-7");
              Api.json(request, "[1]");
            });
    String json =
        "\"url\": \"http://127.0.0.1:PORT/\", \"headers\": {\"X-From\": \"at {cursor}\"},"
            + " \"cursor\": {\"header\": \"x-position\", \"initial\": \"p-0\"}";
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), json)) {
      orders.poll(intake);
      orders.poll(intake);

      assertThat(api.asked())
          .extracting(asked -> asked.header("x-from"))
          .containsExactly("at p-0", "at p-7");
    }
  }

  @Test
  void neverSplitsAHeader(Vertx vertx) {
    Api api = Api.json(vertx, "{\"items\":[1],\"next\":\"a\\r\\nX-Evil: 1\"}");
    String json =
        "\"url\": \"http://127.0.0.1:PORT/\", \"headers\": {\"X-From\": \"{cursor}\"},"
            + " \"records\": \"/items\", \"cursor\": {\"next\": \"/next\"}";
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), json)) {
      orders.poll(intake);

      assertThat(orders.reason(intake)).isEqualTo("cursor-unfit");
      assertThat(api.asked()).hasSize(1);
    }
  }

  @Test
  void movesWithinAnAnswerOnlyWhereThatIsPromised(Vertx vertx) {
    StringBuilder records = new StringBuilder("[");
    for (int i = 0; i < 30_000; i++) {
      records.append(i == 0 ? "" : ",").append("{\"n\":").append(i / 10).append("}");
    }
    Api api = Api.json(vertx, records + "]");
    String json =
        "\"url\": \"http://127.0.0.1:PORT/?n={cursor}\","
            + " \"cursor\": {\"max\": \"/n\", \"ordered\": ";
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), json + "true}")) {
      orders.poll(intake);

      assertThat(cursor()).isEqualTo(Map.of("cursor", "2999"));
      assertThat(intake.steps()).hasSizeGreaterThan(3);
      String first = new String(intake.batches().get(0).region(), StandardCharsets.UTF_8).strip();
      String within = intake.steps().get(0).parts().get("cursor").orElseThrow();
      assertThat(first)
          .as("others with the last value may follow")
          .contains("{\"n\":" + within)
          .contains("{\"n\":" + (Integer.parseInt(within) + 1));
    }
    FakeIntake anew = FakeIntake.usual();
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), json + "false}")) {
      Polled polled = orders.poll(anew);

      assertThat(anew.steps()).allMatch(step -> step.parts().isEmpty());
      assertThat(polled.step().parts()).isEqualTo(Map.of("cursor", Optional.of("2999")));
    }
  }

  @Test
  void aBrokenPromiseOfOrderEndsThePoll(Vertx vertx) {
    Api api = Api.json(vertx, "[{\"n\":2},{\"n\":1}]");
    String json =
        "\"url\": \"http://127.0.0.1:PORT/?n={cursor}\","
            + " \"cursor\": {\"max\": \"/n\", \"ordered\": true}";
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), json)) {
      assertThat(orders.reason(intake)).isEqualTo("cursor-backwards");
      assertThat(intake.count()).isZero();
    }
  }

  @Test
  void validatorsGoAlongWhileTheRequestIsTheSame(Vertx vertx) {
    Api api =
        Api.of(
            vertx,
            request -> {
              request.response().putHeader("etag", "\"v1\"");
              request.response().putHeader("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT");
              if (request.getHeader("if-none-match") != null) {
                request.response().setStatusCode(304).end();
              } else {
                Api.json(request, "[1]");
              }
            });
    try (HttpPolling orders =
        new HttpPolling(vertx, api.port(), "\"url\": \"http://127.0.0.1:PORT/\"")) {
      orders.poll(intake);
      orders.poll(intake);

      assertThat(api.last().header("if-none-match")).isEqualTo("\"v1\"");
      assertThat(api.last().header("if-modified-since")).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
      assertThat(intake.count()).isEqualTo(1);
      assertThat(cursor()).containsKeys("etag", "modified");
      assertThat(orders.context().ended()).hasSize(2);
    }
  }

  @Test
  void idAndTimeOfEachRecordAreKept(Vertx vertx) {
    Api api =
        Api.json(
            vertx,
            "[{\"id\":7,\"at\":\"2026-01-01T00:00:00Z\"},{\"id\":null,\"at\":\"yesterday\"}]");
    String json = "\"url\": \"http://127.0.0.1:PORT/\", \"id\": \"/id\", \"time\": \"/at\"";
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), json)) {
      orders.poll(intake);

      assertThat(intake.ids()).containsExactly(Optional.of("7"), Optional.empty());
      assertThat(intake.each().get(0).time()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
      assertThat(intake.each().get(1).timed()).isFalse();
      assertThat(intake.each().get(0).contentType()).isEqualTo("application/json");
      assertThat(intake.batches().get(0).lines()).isTrue();
    }
  }
}

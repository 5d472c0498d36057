package io.sluice.source.poll.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.connector.Cursor;
import io.sluice.connector.Polled;
import io.sluice.harness.Loop;
import io.sluice.harness.SluiceExtension;
import io.sluice.source.poll.FakeIntake;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Answers that are pages of several. */
@ExtendWith(SluiceExtension.class)
class PagesTest {
  private static final String SINCE = "\"url\": \"http://127.0.0.1:PORT/o?since={cursor}&a=b\", ";
  private static final String MAX = ", \"cursor\": {\"max\": \"/n\"}";
  private final FakeIntake intake = FakeIntake.usual();

  @AfterEach
  void undeploy(Vertx vertx) {
    Loop.undeployAll(vertx);
  }

  private static int number(HttpServerRequest request, String name) {
    String value = request.getParam(name);
    return value == null ? 0 : Integer.parseInt(value);
  }

  @Test
  void followsLinksAsFarAsTheyGo(Vertx vertx) {
    Api api =
        Api.of(
            vertx,
            request -> {
              int page = number(request, "page");
              if (page < 3) {
                request
                    .response()
                    .putHeader(
                        "link",
                        "<?page=0>; rel=\"first\", <?page="
                            + (page + 1)
                            + "&x=1,2>; title=\"a, b; rel=prev\"; rel=\"next last\"");
              }
              Api.json(request, "[{\"n\":" + (9 - page) + "}]");
            });
    try (HttpPolling orders =
        new HttpPolling(vertx, api.port(), SINCE + "\"pages\": \"link\"" + MAX)) {
      assertThat(orders.poll(intake).more()).isFalse();

      assertThat(api.uris())
          .containsExactly(
              "/o?since=&a=b", "/o?page=1&x=1,2", "/o?page=2&x=1,2", "/o?page=3&x=1,2");
      assertThat(intake.events())
          .containsExactly("{\"n\":9}", "{\"n\":8}", "{\"n\":7}", "{\"n\":6}");
      assertThat(intake.cursor().parts()).isEqualTo(Map.of("cursor", "9"));
    }
  }

  @Test
  void putsTheNextPagesTokenInAParameter(Vertx vertx) {
    Api api =
        Api.of(
            vertx,
            request -> {
              boolean first = request.getParam("token") == null;
              Api.json(
                  request,
                  "{\"d\":{\"items\":[1],\"next\":" + (first ? "\"a=&b\"" : "\"\"") + "}}");
            });
    String json =
        "\"url\": \"http://127.0.0.1:PORT/\", \"records\": \"/d/items\","
            + " \"pages\": {\"next\": \"/d/next\", \"parameter\": \"token\"}";
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), json)) {
      orders.poll(intake);

      assertThat(api.uris()).containsExactly("/", "/?token=a%3D%26b");
      assertThat(intake.count()).isEqualTo(2);
    }
  }

  @Test
  void countsPagesUpToOneThatIsEmptyOrNotFull(Vertx vertx) {
    Api api =
        Api.of(
            vertx,
            request -> {
              int page = number(request, "page");
              Api.json(request, page < 3 ? "[" + page + "," + page + 10 + "]" : "[]");
            });
    String json = "\"url\": \"http://127.0.0.1:PORT/?page=9\", \"pages\": {\"number\": \"page\"";
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), json + "}")) {
      orders.poll(intake);
      assertThat(api.uris()).containsExactly("/?page=1", "/?page=2", "/?page=3");
    }
    try (HttpPolling orders =
        new HttpPolling(vertx, api.port(), json + ", \"start\": 2, \"full\": 3}")) {
      orders.poll(FakeIntake.usual());
      assertThat(api.uris()).hasSize(4).last().isEqualTo("/?page=2");
    }
  }

  @Test
  void countsRecordsBeforeAPage(Vertx vertx) {
    Api api =
        Api.of(
            vertx,
            request -> {
              int offset = number(request, "offset");
              Api.json(request, offset < 4 ? "[" + offset + "," + (offset + 1) + "]" : "[]");
            });
    String json = "\"url\": \"http://127.0.0.1:PORT/?a=b\", \"pages\": {\"offset\": \"offset\"}";
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), json)) {
      orders.poll(intake);

      assertThat(api.uris()).containsExactly("/?a=b&offset=0", "/?a=b&offset=2", "/?a=b&offset=4");
      assertThat(intake.events()).containsExactly("0", "1", "2", "3");
    }
  }

  @Test
  void goesOnBehindTheLimitAndMovesTheCursorAtTheEnd(Vertx vertx) {
    Api api =
        Api.of(
            vertx,
            request -> {
              int page = number(request, "page");
              Api.json(request, page < 6 ? "[{\"n\":" + (100 - page) + "}]" : "[]");
            });
    String json =
        SINCE + "\"pages\": {\"number\": \"page\", \"limit\": 2}, \"cursor\": {\"max\": \"/n\"}";
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), json)) {
      assertThat(orders.poll(intake).more()).isTrue();
      assertThat(intake.cursor().parts()).isEqualTo(Map.of("page", "3", "seen", "99"));
    }
    FakeIntake rest = new FakeIntake(intake.cursor(), 1000, 1000);
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), json)) {
      assertThat(orders.poll(rest).more()).isTrue();
      assertThat(rest.cursor().parts()).isEqualTo(Map.of("page", "5", "seen", "99"));
      assertThat(orders.poll(rest).more()).isFalse();
      assertThat(rest.cursor().parts()).isEqualTo(Map.of("cursor", "99"));
      assertThat(rest.count()).isEqualTo(3);
      assertThat(api.uris()).last().isEqualTo("/o?since=&a=b&page=6");
    }
  }

  @Test
  void goesOnFromTheFirstPageThatWasNotRead(Vertx vertx) {
    Api api =
        Api.of(
            vertx,
            request -> {
              int page = number(request, "page");
              if (page == 3) {
                request.response().setStatusCode(500).end();
              } else {
                Api.json(request, "[{\"n\":" + (100 - page) + "}]");
              }
            });
    String json = SINCE + "\"pages\": {\"number\": \"page\"}" + MAX;
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), json)) {
      assertThat(orders.reason(intake)).isEqualTo("server-error");
      assertThat(intake.events()).containsExactly("{\"n\":99}", "{\"n\":98}");
      assertThat(intake.cursor().parts()).isEqualTo(Map.of("page", "3", "seen", "99"));

      api.answering(request -> Api.json(request, "[]"));
      orders.poll(intake);

      assertThat(intake.cursor().parts()).isEqualTo(Map.of("cursor", "99"));
    }
  }

  @Test
  void endsAtAPageThatAsksForAPauseAndGoesOnBehindIt(Vertx vertx) {
    Api api =
        Api.of(
            vertx,
            request -> {
              int page = number(request, "page");
              request.response().putHeader("ratelimit", "\"a\";r=" + (3 - page) + ";t=7");
              Api.json(request, "[" + page + "]");
            });
    String json = "\"url\": \"http://127.0.0.1:PORT/\", \"pages\": {\"number\": \"page\"}";
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), json)) {
      Polled polled = orders.poll(intake);

      assertThat(polled.more()).isTrue();
      assertThat(polled.pause()).isEqualTo(Duration.ofSeconds(7));
      assertThat(intake.cursor().parts()).isEqualTo(Map.of("page", "4"));
    }
  }

  @Test
  void startsOverWhenTheServerForgotThePlace(Vertx vertx) {
    Api api =
        Api.of(
            vertx,
            request -> {
              if (number(request, "page") > 2) {
                request.response().setStatusCode(410).end();
              } else {
                Api.json(request, "[" + number(request, "page") + "]");
              }
            });
    String json =
        "\"url\": \"http://127.0.0.1:PORT/\", \"pages\": {\"number\": \"page\", \"limit\": 2}";
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), json)) {
      orders.poll(intake);
      orders.poll(intake);

      assertThat(api.uris())
          .containsExactly("/?page=1", "/?page=2", "/?page=3", "/?page=1", "/?page=2");
    }
  }

  @Test
  void startsOverWhenThePlaceWasAnotherServers(Vertx vertx) {
    Api api = Api.json(vertx, "[1]");
    FakeIntake moved =
        new FakeIntake(Cursor.of(Map.of("page", "http://old.example/p?x=9")), 1000, 1000);
    try (HttpPolling orders =
        new HttpPolling(
            vertx, api.port(), "\"url\": \"http://127.0.0.1:PORT/\", \"pages\": \"link\"")) {
      orders.poll(moved);

      assertThat(api.uris()).containsExactly("/");
      assertThat(moved.cursor().parts()).isEmpty();
    }
  }

  @Test
  void aPageIsReadAgainAfterItsEventsWereNotTaken(Vertx vertx) {
    Api api =
        Api.of(
            vertx,
            request -> {
              int page = number(request, "page");
              if (page < 3) {
                request.response().putHeader("link", "<?page=" + (page + 1) + ">; rel=next");
              }
              Api.json(request, "[" + page + "]");
            });
    try (HttpPolling orders =
        new HttpPolling(
            vertx, api.port(), "\"url\": \"http://127.0.0.1:PORT/\", \"pages\": \"link\"")) {
      Future<Polled> refused = orders.polling(intake.full());
      await().until(intake::waiting);
      intake.failing(new IllegalStateException("no"));
      await().until(refused::failed);

      FakeIntake again = FakeIntake.usual();
      orders.poll(again);
      assertThat(again.events()).containsExactly("0", "1", "2", "3");
    }
  }

  @Test
  void neverGoesToAnotherHostWithAPage(Vertx vertx) {
    Api other = Api.json(vertx, "[1]");
    Api api =
        Api.of(
            vertx,
            request -> {
              request
                  .response()
                  .putHeader("link", "<http://127.0.0.1:" + other.port() + "/>; rel=next");
              Api.json(request, "[1]");
            });
    String json =
        "\"url\": \"http://127.0.0.1:PORT/\", \"pages\": \"link\","
            + " \"auth\": {\"type\": \"bearer\", \"token\": \"t\"}";
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), json)) {
      assertThat(orders.reason(intake)).isEqualTo("page-foreign");
      assertThat(other.asked()).isEmpty();
    }
  }
}

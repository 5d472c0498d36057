package io.sluice.source.poll.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.connector.Cursor;
import io.sluice.connector.PollException;
import io.sluice.harness.Loop;
import io.sluice.harness.SluiceExtension;
import io.sluice.source.poll.FakeIntake;
import io.vertx.core.Vertx;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cursors that are missing, stand still or go back, and pages that lead nowhere. */
@ExtendWith(SluiceExtension.class)
class CirclesTest {
  private static final String ITEMS =
      "\"url\": \"http://127.0.0.1:PORT/?since={cursor}\", \"records\": \"/items\"";

  private final FakeIntake intake =
      new FakeIntake(Cursor.of(Map.of("cursor", "5")), 64 << 10, 1 << 20);

  @AfterEach
  void undeploy(Vertx vertx) {
    Loop.undeployAll(vertx);
  }

  private PollException failure(HttpPolling orders) {
    PollException failure = orders.failure(intake);
    assertThat(failure.isLasting()).isTrue();
    assertThat(intake.cursor().part("cursor")).as("the cursor").contains("5");
    return failure;
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"n\":9},{}", "{\"n\":null}", "{\"n\":{}}", "7"})
  void aRecordWithoutTheCursorIsNotPut(String records, Vertx vertx) {
    Api api = Api.json(vertx, "{\"items\":[" + records + "]}");
    try (HttpPolling orders =
        new HttpPolling(vertx, api.port(), ITEMS + ", \"cursor\": {\"max\": \"/n\"}")) {
      assertThat(failure(orders).reason()).isEqualTo("cursor-missing");
      assertThat(intake.count()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"next\":null", ",\"next\":\"\"", ",\"next\":{\"a\":1}"})
  void anAnswerWithRecordsAndNoCursorIsNotPut(String next, Vertx vertx) {
    Api api = Api.json(vertx, "{\"items\":[1]" + next + "}");
    try (HttpPolling orders =
        new HttpPolling(vertx, api.port(), ITEMS + ", \"cursor\": {\"next\": \"/next\"}")) {
      assertThat(failure(orders).reason()).isEqualTo("cursor-missing");
      assertThat(intake.count()).isZero();
    }
    Api none = Api.json(vertx, "{\"items\":[1]}");
    try (HttpPolling orders =
        new HttpPolling(vertx, none.port(), ITEMS + ", \"cursor\": {\"header\": \"X-Next\"}")) {
      assertThat(failure(orders).reason()).isEqualTo("cursor-missing");
    }
  }

  @Test
  void aCursorThatGoesBackIsNotTaken(Vertx vertx) {
    Api api = Api.json(vertx, "{\"items\":[{\"n\":3},{\"n\":4}]}");
    try (HttpPolling orders =
        new HttpPolling(vertx, api.port(), ITEMS + ", \"cursor\": {\"max\": \"/n\"}")) {
      assertThat(failure(orders).reason()).isEqualTo("cursor-backwards");
      assertThat(intake.count()).isZero();

      api.answering(request -> Api.json(request, "{\"items\":[{\"n\":5}]}"));
      orders.poll(intake);
      assertThat(intake.count()).isEqualTo(1);
    }
  }

  @Test
  void aCursorThatStandsStillIsToldAfterAWhile(Vertx vertx) {
    Api api = Api.json(vertx, "{\"items\":[1],\"next\":\"5\"}");
    try (HttpPolling orders =
        new HttpPolling(vertx, api.port(), ITEMS + ", \"cursor\": {\"next\": \"/next\"}")) {
      for (int i = 0; i < Memory.REPEATS; i++) {
        assertThat(orders.poll(intake).more()).isFalse();
      }
      assertThat(failure(orders).reason()).isEqualTo("cursor-stuck");
      assertThat(intake.count()).isEqualTo(Memory.REPEATS);

      api.answering(request -> Api.json(request, "{\"items\":[2],\"next\":\"6\"}"));
      orders.poll(intake);
      assertThat(intake.cursor().part("cursor")).contains("6");
    }
  }

  @Test
  void aPageThatLeadsToItselfIsReadOnce(Vertx vertx) {
    Api api = Api.json(vertx, "{\"items\":[1],\"next\":\"/p?a=1\"}");
    String pages = "\"url\": \"http://127.0.0.1:PORT/\", \"records\": \"/items\", ";
    try (HttpPolling orders =
        new HttpPolling(vertx, api.port(), pages + "\"pages\": {\"next\": \"/next\"}")) {
      assertThat(failure(orders).reason()).isEqualTo("page-loop");
      assertThat(api.asked()).hasSize(2);
    }
  }

  @Test
  void theSamePageForEverEndsAfterAFew(Vertx vertx) {
    Api api = Api.json(vertx, "[1,2]");
    String pages = "\"url\": \"http://127.0.0.1:PORT/\", \"pages\": {\"number\": \"page\"}";
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), pages)) {
      assertThat(failure(orders).reason()).isEqualTo("page-loop");
      assertThat(api.asked()).hasSize(Memory.REPEATS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://[", "ftp://127.0.0.1/", "javascript:alert(1)"})
  void aPageThatLeadsToNoUrlIsNamed(String next, Vertx vertx) {
    Api api = Api.json(vertx, "{\"items\":[1],\"next\":\"" + next + "\"}");
    String pages = "\"url\": \"http://127.0.0.1:PORT/\", \"records\": \"/items\", ";
    try (HttpPolling orders =
        new HttpPolling(vertx, api.port(), pages + "\"pages\": {\"next\": \"/next\"}")) {
      assertThat(failure(orders).reason()).isEqualTo("page-broken");
    }
  }
}

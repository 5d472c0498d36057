package io.sluice.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CloudEvents that are right and wrong, as requests. */
class CloudEventsPushTest {
  private static final String STRUCTURED = "application/cloudevents+json";
  private static final String BATCHED = "application/cloudevents-batch+json";
  private static final String EVENT =
      "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"data\":[1]}";

  @Test
  void takesABinaryEventWhateverItsBody() {
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      client.send(binary("Content-Type: application/json", "[1,\n2]"));
      client.send(binary("Content-Type: a/b", "\n"));
      client.send(binary("X: y", ""));

      for (int i = 0; i < 3; i++) {
        assertThat(client.answer().body()).contains("\"accepted\":1");
      }
      assertThat(server.stream.events()).containsExactly("[1,\n2]", "\n", "");
      Batch first = server.stream.batches().get(0);
      assertThat(first.event(0).id()).contains("1");
      assertThat(first.event(0).attributes())
          .containsEntry("source", "s")
          .containsEntry("datacontenttype", "application/json");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ce-id", "ce-source", "ce-type", "ce-specversion"})
  void answers400NamingWhatABinaryEventLacks(String name) {
    String request = binary("Content-Type: application/json", "{}");

    refused(request.replaceFirst(name, "x-other"), 400, "missing-attribute", name);
  }

  @Test
  void answers400ToAnotherVersionOfTheSpecification() {
    String request = binary("Content-Type: application/json", "{}");

    refused(
        request.replace("ce-specversion: 1.0", "ce-specversion: 9"),
        400,
        "invalid-cloudevent",
        "specversion");
    refused(
        RawClient.post("/v1/events", STRUCTURED, EVENT.replace("1.0", "9")),
        400,
        "invalid-cloudevent",
        "specversion");
  }

  @Test
  void answers400ToABinaryEventWhoseJsonIsNone() {
    refused(binary("Content-Type: a/b+json", "{"), 400, "incomplete-json", "byte 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/cloudevents+xml",
        "application/cloudevents",
        "application/cloudevents-batch+avro",
        "application/cloudevents+json; charset=utf-16",
        "application/cloudevents-batch+json; charset=latin1",
      })
  void answers415ToOtherFormatsAndCharsets(String type) {
    refused(RawClient.post("/v1/events", type, EVENT), 415, "media-type", "CloudEvents");
  }

  @Test
  void takesABatchAsAWholeUnlessAskedToBeLenient() {
    String body = "[" + EVENT + ",{},\n" + EVENT.replace(":\"s\"", ":\"\"") + "," + EVENT + "]";
    String request = RawClient.post("/v1/events", BATCHED, body);
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      client.send(request);
      assertThat(client.answer().body())
          .contains(
              "\"status\":400", "\"code\":\"missing-attribute\"", "\"index\":1", "\"index\":2");
      assertThat(server.stream.events()).isEmpty();

      client.send(request.replaceFirst("\r\n", "\r\nPrefer: handling=lenient\r\n"));
      assertThat(client.answer().body())
          .contains("\"accepted\":2", "\"code\":\"missing-attribute\"", "source is empty");
      assertThat(server.stream.events()).containsExactly("[1]", "[1]");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CLOUDEVENTS,application/json,415",
    "CLOUDEVENTS,a/b,415",
    "CLOUDEVENTS,application/cloudevents+json,202",
    "JSON,application/cloudevents+json,202",
    "JSON,a/b,415",
  })
  void takesWhatTheSourceAccepts(Accept accept, String type, int status) {
    try (PushServer server = PushServer.start(s -> s.accept = accept);
        RawClient client = server.connect()) {
      client.send(RawClient.post("/v1/events", type, EVENT));

      assertThat(client.answer().status()).isEqualTo(status);
    }
  }

  @Test
  void takesBinaryEventsWhereOnlyCloudEventsAreAccepted() {
    try (PushServer server = PushServer.start(s -> s.accept = Accept.CLOUDEVENTS);
        RawClient client = server.connect()) {
      client.send(binary("Content-Type: a/b", "x"));

      assertThat(client.answer().status()).isEqualTo(202);
    }
  }

  @Test
  void tellsRequestsWithTheSameBodyApartByTheirAttributes() {
    String request = binary("Idempotency-Key: k\r\nContent-Type: a/b", "x");
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      client.send(request + request + request.replace("ce-id: 1", "ce-id: 2"));

      assertThat(client.answer().status()).isEqualTo(202);
      assertThat(client.answer().status()).isEqualTo(202);
      assertThat(client.answer().status()).isEqualTo(422);
      assertThat(server.stream.events()).hasSize(1);
    }
  }

  private static String binary(String headers, String body) {
    return RawClient.head(
            "ce-id: 1",
            "ce-source: s",
            "ce-type: t",
            "ce-specversion: 1.0",
            headers,
            "Content-Length: " + body.length())
        + body;
  }

  private static void refused(String request, int status, String code, String detail) {
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      client.send(request);

      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.body()).contains("\"code\":\"" + code + "\"", detail);
      assertThat(server.stream.events()).isEmpty();
    }
  }
}

package io.sluice.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Batch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a well-behaved client sends and hears. */
class HttpPushTest {
  @Test
  void answersAPostOfJsonWithItsReceipt() {
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      RawClient.Answer answer = client.json("{\"id\":1}");

      assertThat(answer.status()).isEqualTo(202);
      assertThat(answer.header("content-type")).isEqualTo("application/json");
      assertThat(answer.body()).isEqualTo("{\"accepted\":1,\"duplicates\":0,\"ack\":\"stored\"}");
      assertThat(server.stream.events()).containsExactly("{\"id\":1}");
      Batch batch = server.stream.batches().get(0);
      assertThat(batch.origin().source()).isEqualTo("app");
      assertThat(batch.origin().principal()).isEqualTo("anonymous");
      assertThat(batch.origin().contentType()).isEqualTo("application/json");
      assertThat(server.stream.held()).isZero();
    }
  }

  @Test
  void countsTheEventsOfAnArrayOfLinesAndOfText() {
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      assertThat(client.json("[1,{\"a\":2}]").body()).contains("\"accepted\":2");
      client.send(RawClient.post("/v1/events", "application/x-ndjson", "{\"a\":1}\n\n{\"a\":2}\n"));
      assertThat(client.answer().body()).contains("\"accepted\":2");
      client.send(RawClient.post("/v1/events", "text/plain; charset=latin1", "one\r\ntwo"));
      assertThat(client.answer().body()).contains("\"accepted\":2");
      client.send(RawClient.post("/v1/events", "image/png", "\u0089PNG\n"));
      assertThat(client.answer().body()).contains("\"accepted\":1");

      assertThat(server.stream.batches())
          .extracting(batch -> batch.origin().contentType())
          .containsExactly("application/json", "application/json", "text/plain", "image/png");
    }
  }

  @Test
  void says100ToWhoWaitsForItAndNotInHttp10() {
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect();
        RawClient old = server.connect()) {
      client.send(
          RawClient.head(
              "Content-Type: application/json", "Content-Length: 2", "Expect: 100-continue"));
      assertThat(client.answer().status()).isEqualTo(100);
      assertThat(client.send("{}").answer().status()).isEqualTo(202);

      old.send("POST /v1/events HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n{}");
      assertThat(old.answer().status()).isEqualTo(202);
    }
  }

  @Test
  void readsAChunkedBody() {
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      client.send(
          RawClient.head("Content-Type: application/json", "Transfer-Encoding: chunked")
              + "4\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\n\r\n");

      assertThat(client.answer().status()).isEqualTo(202);
      assertThat(server.stream.events()).containsExactly("{\"a\":1}");
    }
  }

  @Test
  void answersAThousandPipelinedRequestsInOrder() {
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 1000; i++) {
        String body = i % 2 == 0 ? Integer.toString(i) : "[" + i + "," + i + "]";
        all.append(RawClient.post("/v1/events", "application/json", body));
      }
      client.send(all.toString());

      for (int i = 0; i < 1000; i++) {
        assertThat(client.answer().body()).contains("\"accepted\":" + (1 + i % 2));
      }
      List<String> events = server.stream.events();
      assertThat(events).hasSize(1500).startsWith("0", "1", "1", "2").endsWith("999", "999");
    }
  }
}

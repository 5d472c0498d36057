package io.sluice.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same over HTTP/2 without TLS. */
class Http2Test {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int SETTINGS = 4;
  private static final int PING = 6;

  private record Reply(int status, HttpVersion version, String body) {}

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takesEventsAfterAnUpgradeAndWithPriorKnowledge(boolean upgrade) {
    try (PushServer server = PushServer.start(s -> {})) {
      HttpClient client = client(server, options().setHttp2ClearTextUpgrade(upgrade));
      List<Future<Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        replies.add(push(client, server.port(), "{\"id\":" + i + "}"));
      }

      for (Future<Reply> reply : replies) {
        Reply answer = settle(reply);
        assertThat(answer.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(answer.status()).isEqualTo(202);
      }
      assertThat(server.stream.events()).hasSize(100).contains("{\"id\":0}", "{\"id\":99}");
      assertThat(server.stream.held()).isZero();
    }
  }

  @Test
  void answersProblemsAndTakesTheNextRequest() {
    try (PushServer server = PushServer.start(s -> s.maxBodyBytes = 1 << 20)) {
      HttpClient client = client(server, options().setHttp2ClearTextUpgrade(false));

      Reply broken = settle(push(client, server.port(), "{"));
      assertThat(broken.status()).isEqualTo(400);
      assertThat(broken.body()).contains("\"code\":\"incomplete-json\"");
      assertThat(settle(push(client, server.port(), "[" + "1,".repeat(1 << 20) + "1]")).status())
          .isEqualTo(413);
      assertThat(settle(push(client, server.port(), "{}")).status()).isEqualTo(202);
    }
  }

  @Test
  void takesEventsThatWeighMoreThanTheirBody() {
    try (PushServer server = PushServer.start(s -> {})) {
      HttpClient client = client(server, options().setHttp2ClearTextUpgrade(false));

      Reply reply = settle(push(client, server.port(), "[" + "1,".repeat(5000) + "1]"));

      assertThat(reply.status()).as(reply.body()).isEqualTo(202);
      assertThat(server.stream.events()).hasSize(5001);
      assertThat(server.stream.held()).isZero();
    }
  }

  @Test
  void closesAConnectionWhoseWindowStaysShut() {
    try (PushServer server = PushServer.start(s -> s.flushWithin = Duration.ofMillis(200))) {
      HttpClient client =
          client(
              server,
              options()
                  .setHttp2ClearTextUpgrade(false)
                  .setInitialSettings(new Http2Settings().setInitialWindowSize(0)));
      Future<Reply> stalled = push(client, server.port(), "{}");

      await().until(stalled::failed);
      assertThat(server.refused("slow-reader")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {PING, SETTINGS})
  void endsAFloodOfControlFrames(int type) {
    try (PushServer server = PushServer.start(s -> {});
        RawClient client = server.connect()) {
      client.send(PREFACE).send(frame(SETTINGS, 0));
      byte[] frame = frame(type, type == PING ? 8 : 0);
      for (int i = 0; i < 500; i++) {
        client.trySend(new String(frame, StandardCharsets.ISO_8859_1));
      }

      assertThat(client.closes()).isTrue();
      assertThat(server.refused("control-frame-flood")).isEqualTo(1);
    }
  }

  private static byte[] frame(int type, int length) {
    byte[] frame = new byte[9 + length];
    frame[2] = (byte) length;
    frame[3] = (byte) type;
    return frame;
  }

  private static HttpClientOptions options() {
    return new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2);
  }

  private static HttpClient client(PushServer server, HttpClientOptions options) {
    return server.vertx.createHttpClient(options);
  }

  private static Future<Reply> push(HttpClient client, int port, String body) {
    return client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/v1/events")
                .putHeader("content-type", "application/json"))
        .compose(
            request ->
                request
                    .send(Buffer.buffer(body))
                    .compose(
                        response ->
                            response
                                .body()
                                .map(
                                    bytes ->
                                        new Reply(
                                            response.statusCode(),
                                            response.version(),
                                            bytes.toString()))));
  }

  private static Reply settle(Future<Reply> reply) {
    return reply.timeout(10, TimeUnit.SECONDS).await();
  }
}

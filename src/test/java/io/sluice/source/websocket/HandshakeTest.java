package io.sluice.source.websocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.auth.Auth;
import io.sluice.config.Secret;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is answered before a WebSocket is open. */
class HandshakeTest {
  private static final String KEY = "X-Api-Key: right";
  private static LiveServer server;

  /** A request and what it is answered. */
  record Row(String name, String request, int status, String code) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    String good = RawSocket.handshake("/v1/live", KEY);
    return List.of(
        new Row("all right", good, 101, ""),
        new Row("a wrong path", RawSocket.handshake("/v1/dead", KEY), 404, "not-found"),
        new Row("version 99", good.replace(": 13", ": 99"), 426, "websocket-version"),
        new Row("no version", good.replace("Version", "Vision"), 426, "websocket-version"),
        new Row("a POST", good.replace("GET", "POST"), 405, "method-not-allowed"),
        new Row("no key", good.replace("WebSocket-Key", "Key"), 400, "handshake-malformed"),
        new Row("a short key", good.replace("dGhlIHNh", ""), 400, "handshake-malformed"),
        new Row("no upgrade", good.replace("Upgrade: w", "Up: w"), 426, "upgrade-required"),
        new Row(
            "an upgrade of nothing",
            good.replace("keep-alive, Upgrade", "keep-alive"),
            400,
            "handshake-malformed"),
        new Row(
            "a body",
            RawSocket.handshake("/v1/live", KEY, "Content-Length: 1") + "x",
            400,
            "handshake-malformed"),
        new Row(
            "a foreign origin",
            RawSocket.handshake("/v1/live", KEY, "Origin: https://evil.example"),
            403,
            "origin"),
        new Row(
            "an origin that may",
            RawSocket.handshake("/v1/live", KEY, "Origin: https://app.example"),
            101,
            ""),
        new Row(
            "its own origin", RawSocket.handshake("/v1/live", KEY, "Origin: http://x"), 101, ""),
        new Row("no credentials", RawSocket.handshake("/v1/live"), 401, "unauthorized"),
        new Row(
            "wrong credentials",
            RawSocket.handshake("/v1/live", "X-Api-Key: wrong"),
            401,
            "wrong-credentials"),
        new Row(
            "a session without receipts",
            RawSocket.handshake("/v1/live?session=AAAAAAAAAAAAAAAAAAAAAA", KEY),
            400,
            "session-invalid"),
        new Row(
            "a query that is not well encoded",
            RawSocket.handshake(
                "/v1/live?session=AAAAAAAAAAAAAAAAAAAAAA&x=%zz",
                KEY, "Sec-WebSocket-Protocol: sluice.v1"),
            400,
            "session-invalid"),
        new Row(
            "a session nobody gave out",
            RawSocket.handshake("/v1/live?session=1", KEY, "Sec-WebSocket-Protocol: sluice.v1"),
            400,
            "session-invalid"));
  }

  @BeforeAll
  static void start() {
    server =
        LiveServer.start(
            s -> {
              s.origins = List.of("https://app.example");
              s.auth = Optional.of(new Auth.ApiKey(Map.of("me", Secret.parse("right"))));
            });
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void isAnsweredAsTheTableSays(Row row) {
    try (RawSocket client = server.connect()) {
      RawSocket.Answer answer = client.send(row.request().getBytes(ISO_8859_1)).answer();

      assertThat(answer.status()).as(answer.body()).isEqualTo(row.status());
      if (row.status() == 101) {
        assertThat(answer.header("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(answer.headers())
            .doesNotContainKeys("sec-websocket-protocol", "sec-websocket-extensions");
      } else {
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.body()).contains("\"code\":\"" + row.code() + "\"");
        assertThat(server.refused(row.code())).isPositive();
      }
    }
    await().untilAsserted(() -> assertThat(server.connections()).isZero());
  }

  @Test
  void saysWhatWouldBeRight() {
    assertThat(
            header(RawSocket.handshake("/v1/live").replace(": 13", ": 8"), "sec-websocket-version"))
        .isEqualTo("13");
    assertThat(header(RawSocket.handshake("/v1/live"), "www-authenticate")).startsWith("Bearer");
    assertThat(header("GET /v1/live HTTP/1.1\r\nHost: x\r\n\r\n", "upgrade"))
        .isEqualTo("websocket");
    assertThat(header("PUT /v1/live HTTP/1.1\r\nHost: x\r\n\r\n", "allow")).isEqualTo("GET");
  }

  private static String header(String request, String name) {
    try (RawSocket client = server.connect()) {
      return client.send(request.getBytes(ISO_8859_1)).answer().header(name);
    }
  }

  @Test
  void namesTheSubprotocolItSpeaks() {
    try (RawSocket client = server.connect()) {
      RawSocket.Answer answer =
          client
              .send(
                  RawSocket.handshake("/v1/live", KEY, "Sec-WebSocket-Protocol: mqtt, sluice.v1")
                      .getBytes(ISO_8859_1))
              .answer();

      assertThat(answer.header("sec-websocket-protocol")).isEqualTo("sluice.v1");
    }
  }

  @Test
  void agreesOnCloudEventsWhereTheyAreTaken() {
    for (Accept accept : Accept.values()) {
      try (LiveServer other = LiveServer.start(s -> s.accept = accept);
          RawSocket client = other.connect()) {
        String offer = "Sec-WebSocket-Protocol: cloudevents.avro, cloudevents.json";
        RawSocket.Answer answer =
            client.send(RawSocket.handshake("/v1/live", offer).getBytes(ISO_8859_1)).answer();

        assertThat(answer.header("sec-websocket-protocol"))
            .isEqualTo(accept == Accept.CLOUDEVENTS ? "cloudevents.json" : "");
      }
    }
  }

  @Test
  void answers429ToWhoeverGuesses() {
    try (LiveServer other =
        LiveServer.start(
            s -> s.auth = Optional.of(new Auth.Basic(Map.of("me", Secret.parse("right")))))) {
      String wrong =
          "Authorization: Basic " + Base64.getEncoder().encodeToString("me:x".getBytes(ISO_8859_1));
      int status = 0;
      for (int i = 0; i <= 40 && status != 429; i++) {
        try (RawSocket client = other.connect()) {
          status =
              client
                  .send(RawSocket.handshake("/v1/live", wrong).getBytes(ISO_8859_1))
                  .answer()
                  .status();
        }
      }
      assertThat(status).isEqualTo(429);
    }
  }
}

package io.sluice.source.poll.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.Zstd;
import io.sluice.connector.Cursor;
import io.sluice.connector.PollException;
import io.sluice.harness.Loop;
import io.sluice.harness.SluiceExtension;
import io.sluice.source.poll.FakeIntake;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are not what they should be, and codings that are undone. */
@ExtendWith(SluiceExtension.class)
class BrokenAnswerTest {
  private static final String ITEMS =
      "\"url\": \"http://127.0.0.1:PORT/?since={cursor}\", \"records\": \"/items\","
          + " \"cursor\": {\"max\": \"/n\"}";
  private static final String BODY = "{\"items\":[{\"n\":1},{\"n\":2}]}";

  private final FakeIntake intake =
      new FakeIntake(Cursor.of(Map.of("cursor", "0")), 64 << 10, 1 << 20);

  @AfterEach
  void undeploy(Vertx vertx) {
    Loop.undeployAll(vertx);
  }

  private String reason(Vertx vertx, int port, String json) {
    try (HttpPolling orders = new HttpPolling(vertx, port, json)) {
      PollException failure = orders.failure(intake);
      assertThat(intake.cursor().parts()).as("the cursor").isEqualTo(Map.of("cursor", "0"));
      return failure.reason();
    }
  }

  private static Api coded(Vertx vertx, String coding, byte[] body) {
    return Api.of(
        vertx,
        request ->
            request
                .response()
                .putHeader("content-type", "application/json")
                .putHeader("content-encoding", coding)
                .end(Buffer.buffer(body)));
  }

  private static byte[] packed(String coding, byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    switch (coding) {
      case "gzip" -> {
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
          gzip.write(plain);
        }
      }
      case "deflate" -> {
        try (DeflaterOutputStream deflate = new DeflaterOutputStream(out)) {
          deflate.write(plain);
        }
      }
      case "zstd" -> out.write(Zstd.compress(plain));
      default -> {
        Brotli4jLoader.ensureAvailability();
        out.write(Encoder.compress(plain));
      }
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "zstd", "br"})
  void contentCodingsAreUndone(String coding, Vertx vertx) throws IOException {
    byte[] packed = packed(coding, BODY.getBytes(StandardCharsets.UTF_8));
    Api api = coded(vertx, coding, packed);
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), ITEMS)) {
      orders.poll(intake);

      assertThat(api.last().header("accept-encoding")).contains(coding);
      assertThat(intake.events()).containsExactly("{\"n\":1}", "{\"n\":2}");
      assertThat(orders.context().ended().get(0).bytes()).isEqualTo(packed.length);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "zstd", "br"})
  void aCodingThatIsCutOffIsNamed(String coding, Vertx vertx) throws IOException {
    byte[] packed = packed(coding, BODY.getBytes(StandardCharsets.UTF_8));
    Api api = coded(vertx, coding, java.util.Arrays.copyOf(packed, packed.length - 3));

    assertThat(reason(vertx, api.port(), ITEMS)).isIn("broken-encoding", "broken-json");
    assertThat(intake.count()).isZero();
  }

  @Test
  void aCodingThatIsNoneOrUnknownIsNamed(Vertx vertx) {
    byte[] plain = BODY.getBytes(StandardCharsets.UTF_8);
    assertThat(reason(vertx, coded(vertx, "gzip", plain).port(), ITEMS))
        .isEqualTo("broken-encoding");
    assertThat(reason(vertx, coded(vertx, "compress", plain).port(), ITEMS))
        .isEqualTo("broken-encoding");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "zstd", "br"})
  void aBombEndsAtTheLimit(String coding, Vertx vertx) throws IOException {
    byte[] bomb = packed(coding, new byte[8 << 20]);
    Api api = coded(vertx, coding, bomb);

    assertThat(reason(vertx, api.port(), ITEMS + ", \"maxBytes\": \"1MiB\""))
        .isIn("body-too-large", "broken-json");
    byte[] spaces = "[ ".concat(" ".repeat(8 << 20)).getBytes(StandardCharsets.UTF_8);
    Api blank = coded(vertx, coding, packed(coding, spaces));
    assertThat(
            reason(
                vertx, blank.port(), "\"url\": \"http://127.0.0.1:PORT/\", \"maxBytes\": \"1MiB\""))
        .isEqualTo("body-too-large");
  }

  @Test
  void aBodyOverTheLimitEndsThere(Vertx vertx) {
    Api endless =
        Api.of(
            vertx,
            request -> {
              var response = request.response();
              response.exceptionHandler(closed -> {}).setChunked(true);
              response.putHeader("content-type", "application/json").write("{\"items\":[");
              response.drainHandler(more -> fill(response));
              fill(response);
            });
    assertThat(reason(vertx, endless.port(), ITEMS + ", \"maxBytes\": \"4MiB\""))
        .isEqualTo("body-too-large");
  }

  private static void fill(io.vertx.core.http.HttpServerResponse response) {
    Buffer much = Buffer.buffer("{\"n\":0},".repeat(1000));
    for (int i = 0; i < 20 && !response.closed() && !response.writeQueueFull(); i++) {
      response.write(much);
    }
    // Whether a connection is gone shows in a later turn of the loop.
    if (!response.closed() && !response.writeQueueFull()) {
      Vertx.currentContext().runOnContext(later -> fill(response));
    }
  }

  @Test
  void aRecordOverTheLimitIsNamed(Vertx vertx) {
    Api api = Api.json(vertx, "{\"items\":[{\"n\":1,\"x\":\"" + "x".repeat(2000) + "\"}]}");
    FakeIntake small = new FakeIntake(Cursor.START, 1000, 1000);
    try (HttpPolling orders = new HttpPolling(vertx, api.port(), ITEMS)) {
      assertThat(orders.reason(small)).isEqualTo("event-too-large");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|broken-json",
        "{\"items\":[{\"n\":1},]}|broken-json",
        "{\"items\":[{\"n\":1}|broken-json",
        "{\"items\":[{\"n\":1]}|broken-json",
        "{\"items\":[{\"n\":01}]}|broken-json",
        "{\"items\":[{\"n\":1,\"x\":\"\\ud800\"}]}|broken-json",
        "{\"items\":[{\"n\":1}]} x|broken-json",
        "{\"error\":\"no\"}|records-missing",
        "{\"items\":3}|records-missing"
      })
  void aBodyThatIsBrokenIsNamedAndNothingOfItIsPut(String body, String reason, Vertx vertx) {
    assertThat(reason(vertx, Api.json(vertx, body).port(), ITEMS)).isEqualTo(reason);
    assertThat(intake.count()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html; charset=utf-8", "application/xml", "text/json", ""})
  void aPageThatIsNoJsonIsNotRead(String type, Vertx vertx) {
    Api api =
        Api.of(vertx, request -> request.response().putHeader("content-type", type).end(BODY));

    assertThat(reason(vertx, api.port(), ITEMS)).isEqualTo("content-type");
  }

  @Test
  void furtherMediaTypesAreTakenWhereThatIsSaid(Vertx vertx) {
    Api api =
        Api.of(
            vertx, request -> request.response().putHeader("content-type", "text/json").end(BODY));
    try (HttpPolling orders =
        new HttpPolling(vertx, api.port(), ITEMS + ", \"accept\": [\"Text/JSON\"]")) {
      orders.poll(intake);
      assertThat(intake.count()).isEqualTo(2);
    }
  }

  @Test
  void takesLinesOfJsonAndOfText(Vertx vertx) {
    Api json =
        Api.of(
            vertx,
            request ->
                request
                    .response()
                    .putHeader("content-type", "application/x-ndjson")
                    .end("{\"n\":1}\r\n\n  \n{\"n\":2}"));
    try (HttpPolling orders =
        new HttpPolling(vertx, json.port(), "\"url\": \"http://127.0.0.1:PORT/\"")) {
      orders.poll(intake);
      assertThat(intake.events()).containsExactly("{\"n\":1}", "{\"n\":2}");
    }
    Api text =
        Api.of(
            vertx,
            request ->
                request.response().putHeader("content-type", "text/plain").end("a b\n\nc\n"));
    FakeIntake lines = FakeIntake.usual();
    try (HttpPolling orders =
        new HttpPolling(
            vertx, text.port(), "\"url\": \"http://127.0.0.1:PORT/\", \"records\": \"lines\"")) {
      orders.poll(lines);
      assertThat(lines.events()).containsExactly("a b", "c");
      assertThat(lines.each().get(0).contentType()).isEqualTo("text/plain");
    }
    assertThat(reason(vertx, text.port(), ITEMS)).isEqualTo("content-type");
  }

  @Test
  void anAnswerThatBreaksOffKeepsTheCursor(Vertx vertx) {
    NetServer server =
        raw(
            vertx,
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n"
                + "{\"items\":[{\"n\":1},",
            true);
    assertThat(reason(vertx, server.actualPort(), ITEMS)).isEqualTo("connection-lost");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n"})
  void whatIsNoHttpIsNamed(String bytes, Vertx vertx) {
    NetServer server = raw(vertx, bytes, true);

    assertThat(reason(vertx, server.actualPort(), ITEMS)).isIn("broken-http", "connection-lost");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"items\""
      })
  void anAnswerThatStopsIsGivenUp(String bytes, Vertx vertx) {
    NetServer server = raw(vertx, bytes, false);

    assertThat(reason(vertx, server.actualPort(), ITEMS + ", \"timeout\": \"400ms\""))
        .isEqualTo("no-progress");
  }

  @Test
  void anAnswerThatDripsIsGivenUp(Vertx vertx) {
    NetServer server =
        Loop.wait(
            vertx
                .createNetServer()
                .connectHandler(
                    socket -> {
                      socket.exceptionHandler(reset -> {});
                      socket.write(
                          "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"items\":[");
                      long drip = vertx.setPeriodic(20, tick -> socket.write(" "));
                      socket.closeHandler(closed -> vertx.cancelTimer(drip));
                    })
                .listen(0, "127.0.0.1"));

    assertThat(reason(vertx, server.actualPort(), ITEMS + ", \"timeout\": \"400ms\""))
        .isEqualTo("no-progress");
  }

  private static NetServer raw(Vertx vertx, String answer, boolean close) {
    return Loop.wait(
        vertx
            .createNetServer()
            .connectHandler(
                socket -> {
                  socket.exceptionHandler(reset -> {});
                  socket.handler(
                      request -> {
                        if (!answer.isEmpty()) {
                          socket
                              .write(answer)
                              .onSuccess(
                                  sent -> {
                                    if (close) {
                                      socket.close();
                                    }
                                  });
                        }
                      });
                })
            .listen(0, "127.0.0.1"));
  }
}
